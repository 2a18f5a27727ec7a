"""Models are found without running anything, verified, and named by their bytes."""

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.embedding import (
    KNOWN,
    KnownModel,
    ModelFile,
    Place,
    find_best,
    find_known,
    find_named,
    missing_libraries,
    open_model,
    remedy_for,
)
from newsletter.errors import MeaningError
from tests.embedding.tiny_models import write_tiny_model

MINILM = KNOWN[0]


def known_as_tiny(folder: Path) -> KnownModel:
    """A model that is known by the bytes of the tiny one in `folder`."""
    weights, tokenizer = (
        ModelFile(
            name=name,
            package="tiny-package",
            version="1.0",
            member=f"tiny_package/data/{name}",
            size_bytes=len((folder / name).read_bytes()),
            sha256=hashlib.sha256((folder / name).read_bytes()).hexdigest(),
        )
        for name in ("model.onnx", "tokenizer.json")
    )
    return replace(MINILM, name="tiny", weights=weights, tokenizer=tokenizer, dimensions=12)


@pytest.fixture
def tiny(tmp_path: Path) -> KnownModel:
    return known_as_tiny(write_tiny_model(tmp_path / "models" / "tiny"))


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package with the tiny model in it, whose code must never run."""
    site = tmp_path / "site"
    write_tiny_model(site / "tiny_package" / "data")
    (site / "tiny_package" / "__init__.py").write_text("raise SystemExit('was run')", "utf-8")
    monkeypatch.syspath_prepend(site)
    return site / "tiny_package"


def test_the_data_folder_comes_before_a_package(
    tmp_path: Path, tiny: KnownModel, package: Path
) -> None:
    found = find_known(tiny, tmp_path / "models")
    assert found
    assert found.place is Place.DATA
    (tmp_path / "models" / "tiny" / "model.onnx").unlink()
    found = find_known(tiny, tmp_path / "models")
    assert found
    assert found.place is Place.PACKAGE
    assert found.weights == package / "data" / "model.onnx"
    assert found.tokenizer == tmp_path / "models" / "tiny" / "tokenizer.json"


def test_a_package_is_looked_into_and_never_run(
    tmp_path: Path, tiny: KnownModel, package: Path
) -> None:
    assert find_known(tiny, tmp_path / "elsewhere")
    assert package.name not in sys.modules


def test_a_model_that_is_nowhere_is_not_found(tmp_path: Path, tiny: KnownModel) -> None:
    assert find_known(tiny, tmp_path / "elsewhere") is None


def test_one_changed_byte_is_refused(tmp_path: Path, tiny: KnownModel) -> None:
    pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    found = find_known(tiny, tmp_path / "models")
    assert found
    assert open_model(found).dimensions == 12
    octets = bytearray(found.weights.read_bytes())
    octets[-1] ^= 1
    found.weights.write_bytes(octets)
    with pytest.raises(MeaningError, match=r"is not model\.onnx of tiny-package==1\.0") as caught:
        open_model(found)
    assert "newsletter models pull tiny" in str(caught.value)


def test_an_id_is_the_name_and_what_the_bytes_are(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    ids = []
    for name, special in (("One Model", {}), ("one-model", {}), ("two", {}), ("other", {"a": 1.0})):
        write_tiny_model(tmp_path / name, special=special)
        ids.append(open_model(find_named(name, tmp_path, tmp_path)).model)
    assert ids[0] == ids[1]
    assert ids[0].startswith("one-model-")
    assert ids[2].removeprefix("two") == ids[0].removeprefix("one-model")
    assert ids[3].removeprefix("other") != ids[0].removeprefix("one-model")


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (("model.onnx",), "there is no model.onnx in it"),
        (("model.onnx", "tokenizer.json"), "there is no model.onnx and no tokenizer.json in it"),
    ],
)
def test_a_folder_without_its_files_says_what_a_model_is(
    tmp_path: Path, missing: tuple[str, ...], said: str
) -> None:
    write_tiny_model(tmp_path / "ours")
    for name in missing:
        (tmp_path / "ours" / name).unlink()
    with pytest.raises(MeaningError, match=said) as caught:
        find_named("ours", tmp_path, tmp_path)
    assert "minilm-l6, wordllama-256" in str(caught.value)


def test_an_empty_file_is_no_model(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    (write_tiny_model(tmp_path) / "model.onnx").write_bytes(b"")
    with pytest.raises(MeaningError, match="has 0 bytes, so it is no file of a model"):
        open_model(find_named(".", tmp_path, tmp_path))


def test_every_known_model_has_a_remedy_and_a_kind_that_is_known() -> None:
    for model in KNOWN:
        assert f"newsletter models pull {model.name}" in remedy_for(model)
        assert set(missing_libraries(model.kind)) <= {"onnxruntime", "tokenizers"}
    assert 'pip install "newsletter[semantic]"' in remedy_for(MINILM)


def test_without_its_library_a_model_is_passed_over_and_says_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny: KnownModel
) -> None:
    for library in ("onnxruntime", "tokenizers"):
        monkeypatch.setitem(sys.modules, library, None)  # as if it were not installed
    found = find_known(tiny, tmp_path / "models")
    assert found
    assert missing_libraries(found.kind) == ("onnxruntime", "tokenizers")
    assert find_best(tmp_path / "models") is None
    with pytest.raises(MeaningError, match=r'onnxruntime.* pip install "newsletter\[semantic\]"'):
        open_model(found)


def test_a_known_model_without_its_files_says_how_to_get_them(tmp_path: Path) -> None:
    if find_known(KNOWN[1], tmp_path):
        pytest.skip("the package wordllama is installed")
    with pytest.raises(MeaningError, match="newsletter models pull wordllama-256"):
        find_named("wordllama-256", tmp_path, tmp_path)
