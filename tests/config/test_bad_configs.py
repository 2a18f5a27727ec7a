"""Every folder of tests/bad_configs is a mistake that people make, with all that they are told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.config import read_config
from newsletter.model import Problem
from newsletter.preferences import DirectoryStore

CASES = sorted(Path(__file__).parents[1].joinpath("bad_configs").iterdir())


def find_problems(config_file: Path) -> Iterator[Problem]:
    reading = read_config(config_file)
    yield from reading.problems
    config = reading.config
    if config and config.subscribers_path.is_dir():
        store = DirectoryStore(
            config.subscribers_path, config.catalogue(), config.default_preferences()
        )
        yield from store.read().problems


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_bad_config_is_answered_with_all_its_problems(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(case)
    told = "".join(f"{problem}\n" for problem in find_problems(Path("config.yaml")))
    assert told == (case / "expected.txt").read_text(encoding="utf-8")


def test_there_are_at_least_ten() -> None:
    assert len(CASES) >= 10
