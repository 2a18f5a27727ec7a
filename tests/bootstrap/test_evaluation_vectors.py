"""Vectors of evaluations: kept where nobody else reads them, and never a reason to fail."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.bootstrap.evaluating import cache_folder, open_workroom
from newsletter.bootstrap.evaluation_vectors import FILE, open_vectors
from newsletter.errors import ConfigError
from newsletter.ports import ModelId, TextKey
from newsletter.testing import FakeClock

NOW = datetime(2026, 11, 21, tzinfo=UTC)
MODEL = ModelId("ours")
KEY = TextKey(b"k" * 16)


def test_what_is_kept_is_found_the_next_time(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "newsletter"
    for known in ({}, {KEY: b"12"}):
        with open_vectors(folder, FakeClock(NOW)) as (vectors, remark):
            assert vectors.find(MODEL, [KEY]) == known
            vectors.keep(MODEL, {KEY: b"12"}, now=NOW)
        assert remark == ""

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600


def test_where_nothing_can_be_written_they_live_for_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")

    with open_vectors(tmp_path / "file", FakeClock(NOW)) as (vectors, remark):
        vectors.keep(MODEL, {KEY: b"12"}, now=NOW)
        vectors.keep(MODEL, {KEY: b"34"}, now=NOW)

        assert vectors.find(MODEL, [KEY, TextKey(b"other" * 3)]) == {KEY: b"12"}
        assert vectors.forget(unused_since=NOW) == 0
    assert remark.startswith("Vectors are made anew each time: ")


def test_the_folder_for_caches_is_that_of_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/var/cache/ada")
    assert cache_folder() == Path("/var/cache/ada/newsletter")

    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache_folder() == Path.home() / ".cache" / "newsletter"


def test_only_the_usual_config_may_be_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert open_workroom(Path("config.yaml")).config is None
    with pytest.raises(ConfigError, match="other"):
        open_workroom(tmp_path / "other.yaml")
