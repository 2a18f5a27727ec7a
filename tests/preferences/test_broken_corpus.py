"""Every document of tests/preferences/broken is a mistake that people make, with what they are told.

Beside NNN-name.yaml (or a folder of that name) NNN-name.txt has exactly the lines that are printed.
columns.txt has the line and the column of each, in the same order.
"""

import re
from pathlib import Path

import pytest

from newsletter.model import CatalogueTopic, Preferences, Problem, Topic
from newsletter.preferences import UNNAMED, Surroundings, read_paths

CORPUS = Path(__file__).with_name("broken")
CASES = sorted(path.stem for path in CORPUS.glob("*.txt") if path.stem != "columns")
NAMES = (
    "reinforcement-learning",
    "robotics",
    "climate",
    "medical-imaging",
    "language-model-safety",
)
CATALOGUE = {name: CatalogueTopic(Topic(name, name.title(), name)) for name in NAMES}
AROUND = Surroundings(CATALOGUE, Preferences(email=UNNAMED))


@pytest.fixture(autouse=True)
def _in_the_corpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CORPUS)


def problems(case: str) -> tuple[Problem, ...]:
    folder = Path(case)
    paths = sorted(folder.glob("*.yaml")) if folder.is_dir() else [Path(f"{case}.yaml")]
    return read_paths(paths, AROUND).problems


def columns() -> dict[str, str]:
    lines = (CORPUS / "columns.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines)


@pytest.mark.parametrize("case", CASES)
def test_a_broken_document_is_answered_with_exactly_these_lines(case: str) -> None:
    told = "".join(f"{problem}\n" for problem in problems(case))
    assert told == (CORPUS / f"{case}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_where_the_columns_say(case: str) -> None:
    places = " ".join(f"{one.line}:{one.column}" for one in problems(case))
    assert places == columns()[case]


@pytest.mark.parametrize("case", CASES)
def test_a_message_can_be_read_on_paper_and_in_a_mail(case: str) -> None:
    for problem in problems(case):
        assert str(problem).isprintable()
        assert len(problem.message) + len(problem.suggestion or "") < 320
        assert not re.search(
            r"expected <|flow sequence|mapping values|scanning|token", str(problem)
        )


def test_every_document_has_its_lines_and_the_other_way_round() -> None:
    documents = {path.stem for path in CORPUS.glob("*.yaml")}
    folders = {path.name for path in CORPUS.iterdir() if path.is_dir()}
    assert documents | folders == set(CASES) == set(columns())
    assert len(CASES) >= 60


def test_ten_mistakes_are_told_at_once() -> None:
    assert len(problems("600-ten-mistakes")) == 10
