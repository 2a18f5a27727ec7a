"""Works of a registry of DOIs, read from answers written for these tests."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from newsletter.errors import FetchError, SourceError
from newsletter.model import Ask, Link, LinkKind, Page, Pull, PullOrder, SourceName, SourceState
from newsletter.sources.crossref import CrossrefSource
from newsletter.testing import FakeWeb

API = "https://registry.example.org"
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)


class Registry(FakeWeb):
    """Answers every question of the one address from a function of its parameters."""

    def __init__(self, answer: Callable[[dict[str, str]], Page]) -> None:
        super().__init__()
        self._answer = answer
        self.questions: list[dict[str, str]] = []

    def fetch(self, ask: Ask) -> Page:
        question = {key: value[0] for key, value in parse_qs(urlsplit(ask.url).query).items()}
        self.questions.append(question)
        self.put(ask.url, self._answer(question))
        return super().fetch(ask)


def page(*items: Any, cursor: str | None = None) -> Page:
    message = {"items": list(items)} | ({"next-cursor": cursor} if cursor else {})
    return Page("", 200, (), json.dumps({"status": "ok", "message": message}).encode())


def work(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "DOI": f"10.1000/Gulls.{number}",
        "title": [f"Gulls &amp; <i>Larus</i> {number}"],
        "subtitle": [],
        "abstract": "<jats:title>Abstract</jats:title><jats:p>They <jats:bold>plan</jats:bold>.</jats:p>",
        "author": [
            {"given": "Ada", "family": "Example", "affiliation": [{"name": "Invented University"}]},
            {"name": "The Gull Consortium"},
            {"family": "Mono"},
        ],
        "container-title": ["Journal of Invented Birds"],
        "created": {"date-time": "2026-03-09T10:00:00Z", "date-parts": [[2026, 3, 9]]},
        "published": {"date-parts": [[2026, 3]]},
        "link": [{"URL": "https://j.example.org/1.pdf", "content-type": "application/pdf"}],
        "license": [{"URL": "https://licences.example.org/by/4.0/"}],
        "language": "en",
    } | more


def pull(web: FakeWeb, **settings: Any) -> Pull:
    told = {"query": "gull planning", "types": ("posted-content",), "contact": "desk@example.org"}
    source = CrossrefSource(SourceName("works"), web, base=API, **(told | settings))
    return source.pull(PullOrder(NOW))


def test_a_work_keeps_everything_a_letter_could_tell() -> None:
    (found,) = pull(Registry(lambda _: page(work()))).entries
    content = found.content
    assert found.doi == found.source_id == "10.1000/gulls.1"
    assert found.announced_at == datetime(2026, 3, 9, 10, tzinfo=UTC)
    assert content.title == "Gulls & Larus 1"
    assert content.abstract == "They plan."
    assert content.authors == ("Ada Example", "The Gull Consortium", "Mono")
    assert content.published_on == date(2026, 3, 1), "of a month alone its first day"
    assert content.affiliations == ("Invented University",)
    assert content.venue == "Journal of Invented Birds"
    assert content.license == "https://licences.example.org/by/4.0/"
    assert content.language == "en"
    assert content.links == (
        Link(LinkKind.PAGE, "https://doi.org/10.1000/gulls.1"),
        Link(LinkKind.PDF, "https://j.example.org/1.pdf"),
    )


def test_a_subtitle_belongs_to_the_title_once() -> None:
    first, second = pull(
        Registry(
            lambda _: page(
                work(1, title=["Gulls:"], subtitle=["A study"]),
                work(2, title=["Gulls: a study"], subtitle=["A study"]),
            )
        )
    ).entries
    assert first.content.title == "Gulls: A study"
    assert second.content.title == "Gulls: a study"


def test_a_preprint_of_arxiv_is_known_by_its_id() -> None:
    (found,) = pull(Registry(lambda _: page(work(DOI="10.48550/arXiv.2603.00001")))).entries
    assert found.arxiv_id == "2603.00001"


def test_the_question_is_polite_and_bounded() -> None:
    registry = Registry(lambda _: page())
    found = pull(registry, types=("posted-content", "journal-article"))
    (question,) = registry.questions
    assert question["mailto"] == "desk@example.org"
    assert question["query"] == "gull planning"
    assert question["filter"] == (
        "from-created-date:2026-03-07,type:posted-content,type:journal-article"
    )
    assert (question["rows"], question["cursor"]) == ("100", "*")
    assert found.verdict is SourceState.EMPTY


def test_cursors_are_followed_until_a_page_is_not_full() -> None:
    def answer(question: dict[str, str]) -> Page:
        if question["cursor"] == "*":
            return page(*(work(number) for number in range(100)), cursor="next+/=")
        assert question["cursor"] == "next+/="
        return page(work(100), cursor="more")

    assert len(pull(Registry(answer)).entries) == 101


def test_what_came_before_a_failure_is_kept() -> None:
    def answer(question: dict[str, str]) -> Page:
        if question["cursor"] == "*":
            return page(*(work(number) for number in range(100)), cursor="next")
        message = "the registry answers 500"
        raise FetchError(message, status=500)

    found = pull(Registry(answer))
    assert (len(found.entries), found.problems) == (100, ("the registry answers 500",))


@pytest.mark.parametrize("body", [b"Resource not found.", b"", b"[]x"])
def test_what_is_no_json_is_an_error(body: bytes) -> None:
    with pytest.raises(SourceError, match="no JSON"):
        pull(Registry(lambda _: Page("", 200, (), body)))


def test_works_that_say_too_little_or_odd_things_stop_no_other() -> None:
    odd: list[Any] = [
        7, {}, work(1, title=[]), work(2, DOI="none"),
        work(3, author="Ada", published={"date-parts": [[None]]}, created=None, license=[{}],
             link=["x"], abstract=5, posted={"date-parts": [[2026, 13, 1]]}),
    ]  # fmt: skip
    found = pull(Registry(lambda _: page(*odd)))
    (entry,) = found.entries
    assert entry.content.published_on is None
    assert len(found.problems) == 4
