"""A source that is found out, drafted, tried and written into config.yaml."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.bootstrap import (
    Addition,
    Newsroom,
    draft_source,
    find_sources,
    open_newsroom,
    try_addition,
    write_addition,
)
from newsletter.config import copy_starter, load_config
from newsletter.errors import ConfigError, FetchError
from newsletter.model import Page, PullStep, SourceName, SourceState
from newsletter.sources import AskedOnce, Candidate
from newsletter.testing import FakeWeb

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
LISTS = "https://huggingface.co/api/daily_papers"
PAPER = (
    b'[{"paper": {"id": "2611.01234", "title": "Tides", "summary": "Of tides.", '
    b'"submittedOnDailyAt": "2026-11-20T00:00:00Z", "upvotes": 3}}]'
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    copy_starter(tmp_path / "news", timezone="Europe/Paris")
    return tmp_path / "news" / "config.yaml"


@contextmanager
def room_with(path: Path, sources: str) -> Iterator[Newsroom]:
    """Open a newsroom whose config names these sources besides its own."""
    text = path.read_text("utf-8")
    samples = "  samples: {"
    assert samples in text
    path.write_text(text.replace(samples, f"{sources}{samples}", 1), encoding="utf-8")
    with open_newsroom(path, now=NOW) as room:
        yield room


def candidate(kind: str, **settings: str | tuple[str, ...]) -> Candidate:
    return Candidate(kind, settings, "", kind, "service")


def nothing(_: PullStep) -> None:
    """Hear a step."""


def test_a_service_is_found_tried_and_written(path: Path) -> None:
    web = FakeWeb({f"{LISTS}?sort=trending&limit=100": Page("", 200, (), PAPER)})
    before = path.read_text("utf-8")

    with open_newsroom(path, now=NOW) as room:
        (found,) = find_sources(room, "huggingface.co/papers/trending", web, nothing).candidates
        addition = draft_source(room, found, None)
        rehearsal = try_addition(room, addition, web, nothing)
        assert path.read_text("utf-8") == before
        write_addition(room, addition)

    assert rehearsal.report.state is SourceState.FRESH
    assert rehearsal.filed[0].announcements[0].content.title == "Tides"
    assert addition.name == "trending-papers"
    sources = load_config(path).sources
    assert list(sources) == ["samples", "trending-papers"]
    assert sources[SourceName("trending-papers")] == addition.settings


def test_a_trial_takes_a_minute_at_most_and_asks_arxiv_for_its_feed_alone(path: Path) -> None:
    web = FakeWeb()
    with open_newsroom(path, now=NOW) as room:
        addition = draft_source(room, candidate("arxiv", categories=("cs.LG",)), None)
        rehearsal = try_addition(room, addition, web, nothing)
    assert rehearsal.report.state is SourceState.FAILED
    assert {one.deadline.total_seconds() for one in web.manners} == {60}
    assert all("rss.arxiv.org" in one.url for one in web.asked)


@pytest.mark.parametrize(
    ("written", "proposed"),
    [
        ("{kind: feed, url: 'HTTP://Blog.example.org:80/a.xml/'}", ("feed", "https://blog.example.org/a.xml")),
        ("{kind: daily-papers, list: trending}", ("daily-papers", "trending")),
        ("{kind: arxiv, categories: [stat.ML, cs.LG]}", ("arxiv", "cs.LG")),
        ("{kind: biorxiv}", ("biorxiv", "cell biology")),
        ("{kind: biorxiv, categories: [genomics, Cell_Biology]}", ("biorxiv", "cell biology")),
        ("{kind: crossref, query: Graph  learning}", ("crossref", "graph learning")),
        ("{kind: semantic-scholar, query: tides}", ("semantic-scholar", "tides")),
        ("{kind: openreview, venues: [A.cc/2026/B, C.cc/D]}", ("openreview", "C.cc/D")),
        ("{kind: file, path: ./lists/../lists/a.csv}", ("file", "lists/a.csv")),
        ("{kind: saved-page, path: 'pages/*.txt'}", ("saved-page", "pages/*.txt")),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)  # fmt: skip
def test_what_is_asked_for_already_is_known_under_its_name(
    path: Path, written: str, proposed: tuple[str, str]
) -> None:
    with room_with(path, f"  theirs: {written}\n") as room:
        assert draft_source(room, _proposed(*proposed), "mine").known_as == "theirs"


@pytest.mark.parametrize(
    ("written", "proposed"),
    [
        ("{kind: feed, url: 'https://blog.example.org/b.xml'}", ("feed", "https://blog.example.org/a.xml")),
        ("{kind: daily-papers}", ("daily-papers", "trending")),
        ("{kind: arxiv, categories: [stat.ML]}", ("arxiv", "cs.LG")),
        ("{kind: biorxiv, server: medrxiv}", ("biorxiv", "cell biology")),
        ("{kind: crossref, query: tides}", ("semantic-scholar", "tides")),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)  # fmt: skip
def test_what_asks_for_something_else_is_no_reason_against_it(
    path: Path, written: str, proposed: tuple[str, str]
) -> None:
    with room_with(path, f"  theirs: {written}\n") as room:
        assert draft_source(room, _proposed(*proposed), "mine").known_as is None


def _proposed(kind: str, value: str) -> Candidate:
    keys: Mapping[str, str] = {
        "feed": "url",
        "daily-papers": "list",
        "crossref": "query",
        "semantic-scholar": "query",
        "file": "path",
        "saved-page": "path",
    }
    if kind in keys:
        return candidate(kind, **{keys[kind]: value})
    return candidate(kind, **{"venues" if kind == "openreview" else "categories": (value,)})


@pytest.mark.parametrize(
    "section",
    [
        "",
        "sources:\n",
        "sources: {}\n",
        "sources: # none yet\n  # the first one goes here\n",
        "sources:\n  'a': {kind: file, path: a.csv} # mine\n  # and yet others\n",
        "sources: {a: {kind: file, path: a.csv}} # in a row\n",
        "sources:\n  a:\n    kind: file # one\n    path: a.csv\n",
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_every_comment_and_every_line_stays(path: Path, section: str, line_end: str) -> None:
    text = path.read_text("utf-8")
    head, _, rest = text.partition("sources:\n")
    before = f"{head}{section}{rest[rest.index('# The catalogue') :]}"
    path.write_bytes(before.replace("\n", line_end).encode())
    title = "Tea \u2028& #: {Toast}\n- x" + " and" * 40
    found = Candidate("feed", {"url": "https://b.example/f?a=1#"}, title, "b.example", "RSS 2.0")

    with open_newsroom(path, now=NOW) as room:
        write_addition(room, draft_source(room, found, "tea"))

    after = path.read_bytes().decode()
    assert load_config(path).sources[SourceName("tea")].kind == "feed"
    kept = after.splitlines()
    for line in before.splitlines():
        if line.startswith("sources: {"):
            assert any(one.startswith(line.partition("}")[0].rstrip("}")) for one in kept)
        else:
            assert line in kept
    assert after.count("\n") == after.count(line_end)


def test_a_comment_says_what_a_feed_is_called(path: Path) -> None:
    found = Candidate("feed", {"url": "https://b.example/f"}, "Tea & Toast", "b.example", "RSS 2.0")
    with open_newsroom(path, now=NOW) as room:
        addition = draft_source(room, found, None)
    assert addition.block.splitlines()[:3] == [
        "sources:",
        "  tea-toast: # Tea & Toast",
        "    kind: feed",
    ]


def test_a_config_that_would_not_load_is_not_written(path: Path) -> None:
    before = path.read_bytes()
    with (
        open_newsroom(path, now=NOW) as room,
        pytest.raises(ConfigError, match=r"sources\.x\.url.*\nThe source was not added"),
    ):
        draft_source(room, candidate("feed", url="gopher://x"), "x")
    assert path.read_bytes() == before


def test_what_somebody_else_wrote_meanwhile_stays(path: Path) -> None:
    with open_newsroom(path, now=NOW) as room:
        addition = _drafted(room)
        with path.open("ab") as file:
            file.write(b"# meanwhile\n")
        with pytest.raises(ConfigError, match="changed meanwhile"):
            write_addition(room, addition)
    assert path.read_bytes().endswith(b"# meanwhile\n")
    assert list(load_config(path).sources) == ["samples"]


def test_a_config_that_is_a_link_stays_one(path: Path) -> None:
    real = path.with_name("real.yaml")
    path.rename(real)
    path.symlink_to(real)
    real.chmod(0o640)
    with open_newsroom(path, now=NOW) as room:
        write_addition(room, _drafted(room))
    assert path.is_symlink()
    assert "tides" in real.read_text("utf-8")
    assert real.stat().st_mode & 0o777 == 0o640
    assert not list(path.parent.glob(".*.unfinished"))


def test_a_feed_is_tried_without_being_asked_again(path: Path) -> None:
    url = "https://b.example/f"
    body = (
        b"<rss version='2.0'><channel><title>T</title><item><title>A</title></item></channel></rss>"
    )
    web = FakeWeb({url: (Page("", 200, (), body), FetchError("asked twice"))})
    once = AskedOnce(web)
    with open_newsroom(path, now=NOW) as room:
        (found,) = find_sources(room, url, once, nothing).candidates
        rehearsal = try_addition(room, draft_source(room, found, None), once, nothing)
    assert rehearsal.report.state is SourceState.FRESH
    assert len(web.asked) == 1


def _drafted(room: Newsroom) -> Addition:
    return draft_source(room, candidate("crossref", query="tides"), "tides")
