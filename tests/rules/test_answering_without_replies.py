"""Where no mail comes in, nobody is told to reply."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newsletter.model import Answer
from newsletter.rules.answering import (
    Office,
    Present,
    ask_to_confirm,
    notice_changes,
    notice_leaving,
    notice_less,
    probe,
    say_subscribed_already,
    show_way_to_preferences,
    welcome,
    welcome_back,
)
from tests.rules.answer_samples import OFFICE

SILENT = replace(OFFICE, takes_mail=False)
PRESENT = Present("email: ada@example.org\n")
SOON = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)
LINK = "https://news.example.org/page/abc"
WAYS_TO_WRITE = re.compile(r"\breply|marker lines|write the word|write to us|BEGIN", re.IGNORECASE)


def by_pages(office: Office) -> Mapping[str, Answer]:
    """Return every mail that a page can bring about, or the program by itself."""
    return {
        "question": ask_to_confirm(office, LINK, ends_at=SOON),
        "welcome": welcome(office, ("Gulls",), PRESENT),
        "already": say_subscribed_already(office, PRESENT),
        "link": show_way_to_preferences(office, LINK, PRESENT, ends_at=SOON),
        "changes": notice_changes(office, ("send.at: 08:00 → 07:30",), PRESENT),
        "left": notice_leaving(office, LINK, ends_at=SOON),
        "less": notice_less(office, ("A pause.",), LINK, ends_at=SOON),
        "back": welcome_back(office, PRESENT),
        "probe": probe(office),
    }


@pytest.mark.parametrize("name", list(by_pages(SILENT)))
def test_no_mail_asks_for_an_answer_that_would_go_nowhere(name: str) -> None:
    assert not WAYS_TO_WRITE.search(repr(by_pages(SILENT)[name].blocks))


def test_where_mail_comes_in_the_same_mails_do() -> None:
    asking = [name for name, one in by_pages(OFFICE).items() if WAYS_TO_WRITE.search(repr(one))]
    assert {"question", "welcome", "already", "changes", "left", "probe"} <= set(asking)


def test_who_comes_back_is_told_that_the_old_preferences_count() -> None:
    said = repr(welcome(OFFICE, ("Gulls",), PRESENT, is_as_before=True))
    assert "You were here before" in said
    assert "You were here before" not in repr(welcome(OFFICE, ("Gulls",), PRESENT))
