"""Which model the config means; without one, words alone, and that is said."""

import logging
from importlib.util import find_spec
from pathlib import Path

import pytest

from newsletter.bootstrap import look_at_meaning, open_embedder
from newsletter.config import Config, copy_starter, load_config
from newsletter.embedding import KNOWN, find_known
from newsletter.errors import ConfigError
from newsletter.model import Finding, Verdict
from tests.embedding.tiny_models import write_tiny_model

HAS_LIBRARIES = all(find_spec(name) for name in ("onnxruntime", "tokenizers"))
needs_libraries = pytest.mark.skipif(not HAS_LIBRARIES, reason="the libraries are not installed")


def config_with(tmp_path: Path, matching: str) -> Config:
    path = tmp_path / "news" / "config.yaml"
    copy_starter(path.parent, timezone="Europe/Paris")
    path.write_text(f"{path.read_text('utf-8')}\nmatching: {matching}\n", encoding="utf-8")
    return load_config(path)


def finding(config: Config) -> Finding:
    (found,) = look_at_meaning(config)
    return found


@needs_libraries
def test_a_folder_is_relative_to_the_config(tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "news" / "ours")
    config = config_with(tmp_path, "{semantic: on, model: ours}")
    embedder = open_embedder(config, threads=1)
    assert embedder
    assert embedder.model.startswith("ours-")
    assert finding(config).verdict is Verdict.OK
    assert finding(config).fact == "ours (folder), 12 dimensions"


@needs_libraries
def test_without_a_word_the_best_that_is_there_is_taken(tmp_path: Path) -> None:
    config = config_with(tmp_path, "{semantic: auto}")
    best = next((one for one in KNOWN if find_known(one, tmp_path)), None)
    embedder = open_embedder(config)
    assert (embedder and embedder.dimensions) == (best and best.dimensions)


def test_off_needs_no_model(tmp_path: Path) -> None:
    config = config_with(tmp_path, "{semantic: off, model: nowhere}")
    assert open_embedder(config) is None
    assert finding(config).verdict is Verdict.OK
    assert "off" in finding(config).fact


def test_auto_without_its_model_goes_on_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = config_with(tmp_path, "{model: nowhere}")
    with caplog.at_level(logging.INFO):
        assert open_embedder(config) is None
        assert open_embedder(config) is None
    (said,) = [one.getMessage() for one in caplog.records]
    assert said.startswith("topics are matched by their words alone: ")
    assert "nowhere: there is no model.onnx" in said
    assert finding(config).verdict is Verdict.WARN
    assert finding(config).remedy == "newsletter models list"


def test_on_without_its_model_stops_with_the_remedy(tmp_path: Path) -> None:
    config = config_with(tmp_path, "{semantic: on, model: nowhere}")
    with pytest.raises(ConfigError, match=r"matching\.semantic is on, but: .*nowhere"):
        open_embedder(config)
    assert finding(config).verdict is Verdict.BAD
    assert "matching.semantic to auto" in finding(config).remedy


@needs_libraries
def test_the_doctor_finds_a_model_that_answers_nothing(tmp_path: Path) -> None:
    nothing = dict.fromkeys(("a", "letter", "of", "[UNK]", "the", "."), 0.0)
    write_tiny_model(tmp_path / "news" / "ours", special=nothing)
    found = finding(config_with(tmp_path, "{semantic: auto, model: ours}"))
    assert found.verdict is Verdict.WARN
    assert "gives no usable vector for a plain sentence" in found.fact
