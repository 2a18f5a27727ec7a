"""Word vectors out of a small file of our own: the mean of what a text's words have."""

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from newsletter.embedding import KNOWN, ModelFile, find_known, open_model
from newsletter.errors import MeaningError
from newsletter.ports import Embedder
from tests.embedding.tiny_models import VOCABULARY, write_tiny_model

pytest.importorskip("tokenizers", reason="tokenizers is not installed")

SIZE = len(VOCABULARY)
TABLE = np.eye(SIZE, dtype=np.float16)


def tensor(shape: tuple[int, ...], end: int, dtype: str = "F16") -> dict[str, object]:
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [0, end]}


def written(header: Mapping[str, object], octets: bytes) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + octets


WHOLE = written({"vectors": tensor((SIZE, SIZE), SIZE * SIZE * 2)}, TABLE.tobytes())


def opened(folder: Path, octets: bytes = WHOLE) -> Embedder:
    """Open a static model whose only matrix is in `octets`."""
    home = write_tiny_model(folder / "tiny")
    (home / "vectors.safetensors").write_bytes(octets)
    files = (
        ModelFile(
            name=name,
            package="tiny-package",
            version="1.0",
            member=f"tiny_package/{name}",
            size_bytes=(home / name).stat().st_size,
            sha256=hashlib.sha256((home / name).read_bytes()).hexdigest(),
        )
        for name in ("vectors.safetensors", "tokenizer.json")
    )
    weights, tokenizer = files
    model = replace(
        KNOWN[1], name="tiny", weights=weights, tokenizer=tokenizer, dimensions=SIZE, max_tokens=4
    )
    found = find_known(model, folder)
    assert found
    return open_model(found)


def test_a_vector_is_the_mean_of_its_words_at_length_one(tmp_path: Path) -> None:
    embedder = opened(tmp_path)
    rows = embedder.embed(["tides", "tides rise", "", "xyzzy", "tides tides rise rise sea moon"])
    tides, rise = TABLE[VOCABULARY.index("tides")], TABLE[VOCABULARY.index("rise")]
    assert np.allclose(rows[0], tides)
    assert np.allclose(rows[1], (tides + rise) / np.sqrt(2), atol=1e-3)
    assert not rows[2:4].any()
    assert np.allclose(rows[4], rows[1])  # four tokens are read


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    opened(tmp_path).embed(["tides"] * 7, lambda *done: told.append(done))
    assert told[-1] == (7, 7)


@pytest.mark.parametrize(
    "octets",
    [
        b"short",
        struct.pack("<Q", 2**63) + b"{}",
        written({}, b""),
        written({"a": 1}, b"12"),
        written({"a": tensor((SIZE,), SIZE * 2)}, bytes(SIZE * 2)),
        written({"a": tensor((SIZE, SIZE), SIZE * SIZE * 2, "F64")}, TABLE.tobytes()),
        written({"a": tensor((SIZE, SIZE), SIZE * SIZE * 2)}, b"too few"),
        written({"a": tensor((SIZE, SIZE), 5)}, TABLE.tobytes()),
        written({"a": tensor((SIZE, 2), SIZE * 4)}, bytes(SIZE * 4)),
    ],
    ids=["short", "lying", "empty", "odd", "flat", "wide", "cut", "offsets", "narrow"],
)
def test_a_file_with_anything_else_is_refused(tmp_path: Path, octets: bytes) -> None:
    embedder = opened(tmp_path, octets)
    with pytest.raises(MeaningError, match=r"vectors\.safetensors: (is|holds|has) "):
        embedder.embed(["tides"])
