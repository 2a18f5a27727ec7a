"""Mails made to be slow, deep or endless: read within bounds, in time that grows with their length only."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.sources.mail.listings import MOST_PAPERS
from tests.sources.mail_letters import ARXIV, WEEKLY, message, read

_LONG = 200_000
_MOST_SECONDS = 6.0
"""Of processor time for the longest; in earnest it is a small part, and squared time is minutes."""

BOMBS = {
    "open tags": "<a href='https://example.org/x'>" * 6_000,
    "deep divs": "<div>" * 40_000 + "ants and ants and ants",
    "one long link": "<a href='https://example.org/x'>" + "word " * 40_000,
    "many links": "".join(
        f"<p><a href='https://example.org/{n}'>Title of number {n} here</a></p>"
        for n in range(4_000)
    ),
    "links in one block": "".join(
        f"<a href='https://example.org/{n}'>Title of number {n} here</a> " for n in range(4_000)
    ),
    "long address": f"<a href='https://example.org/?u={'a' * _LONG}'>Three words here</a>",
    "many parameters": f"<a href='https://example.org/?{'a=1&' * 900}'>Three words here</a>",
    "entities": "<p>" + "&#" + "9" * _LONG + "; ants",
    "quotes": "<blockquote>" * 30_000 + "ants",
    "spaces": "<p>" + " \t" * (_LONG // 2) + "x",
    "percent": f"<a href='https://click.example.org/{'%25' * 1_000}'>Three words here</a>",
    "base64": f"<a href='https://click.example.org/{'A' * 3_000}/{'B' * 900}'>Three words here</a>",
    "headings": "<h2>Some words to read</h2>" * 6_000
    + "<a href='https://example.org/x'>Read more</a>",
    "read more": "<h2>Some words to read</h2><p><a href='https://example.org/x'>Read more</a>"
    * 2_000,
}
PLAIN_BOMBS = {
    "urls": "https://example.org/x " * 10_000,
    "brackets": "[" * _LONG,
    "link brackets": "[a](" * 50_000,
    "arxiv ids": "arXiv:2605.01234 " * 12_000,
    "yaml": "- title: x\n" + "  a:\n" * 40_000,
    "yaml nested": "entries:\n  - title: " + "[" * 100_000,
    "json nested": '[{"title": ' + "[" * 100_000,
    "json numbers": '[{"title": ' + "9" * 100_000 + "}]",
    "listing": "\\\\\narXiv:2605.01234\nTitle: x\n" * 6_000,
    "listing header": "\\\\\narXiv:2605.01234\nTitle: x\n" + " more\n" * 60_000,
    "authors": "\\\\\narXiv:2605.01234\nTitle: x\nAuthors: " + "(a, " * 40_000,
    "names": "https://example.org/x Three words here\n" + "A. B, " * 90,
    "quotes": ">" * _LONG + "x",
    "dashes": "https://example.org/x " + "- " * 90_000,
    "one line": "word " * 50_000,
}


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("bulk", [True, False])
def test_html_made_to_be_slow(name: str, *, bulk: bool) -> None:
    assert_quick(message(None, BOMBS[name], bulk=bulk))


@pytest.mark.parametrize("name", PLAIN_BOMBS)
@pytest.mark.parametrize("bulk", [True, False])
def test_plain_text_made_to_be_slow(name: str, *, bulk: bool) -> None:
    assert_quick(message(PLAIN_BOMBS[name], bulk=bulk))


def assert_quick(raw: bytes) -> None:
    started = time.thread_time()
    reading = read(raw)
    assert time.thread_time() - started < _MOST_SECONDS
    assert len(reading.entries) <= MOST_PAPERS


def test_a_mail_has_at_most_five_hundred_entries() -> None:
    assert len(read(message(None, BOMBS["many links"], bulk=True)).entries) == 500


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_torn_mail_is_read_without_a_fault(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([WEEKLY, ARXIV]))
    start, end = sorted(
        (data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text))))
    )
    torn = text[:start] + data.draw(st.text(max_size=30)).replace("\r", "") + text[end:]
    torn = torn.encode("utf-8", "ignore").decode()
    for entry in read(message(None, torn or " ", bulk=True)).entries:
        assert entry.content.title
    read(message(torn))
