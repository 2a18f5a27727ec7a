"""Answers that open preferences show the page as well, and a notice tells of what was done there."""

from newsletter.model import (
    Answer,
    Button,
    DocumentBlock,
    EmailAddress,
    Paragraph,
)
from newsletter.rules.answering import (
    Office,
    Present,
    list_topics,
    notice_changes,
    show_preferences,
    welcome,
    with_page,
)

OFFICE = Office("Shore", EmailAddress("news@example.org"), EmailAddress("owner@example.org"))
PRESENT = Present("email: ada@example.org\n")
LINK = "https://news.example.org/preferences/abc"
BUTTON = Button("Open your preferences", LINK)


def test_the_link_stands_above_the_document_and_how_to_edit_it() -> None:
    for answer in (show_preferences(OFFICE, PRESENT), welcome(OFFICE, (), PRESENT)):
        blocks = with_page(answer, LINK).blocks
        place = blocks.index(BUTTON)
        following = blocks[place + 1]
        assert isinstance(following, Paragraph)
        assert "reply to this mail" in following.text
        assert isinstance(blocks[place + 2], DocumentBlock)
        assert (*blocks[:place], *blocks[place + 1 :]) == answer.blocks


def test_a_document_alone_has_the_link_before_it() -> None:
    answer = Answer("s", "h", (DocumentBlock("a"),), "r")
    assert with_page(answer, LINK).blocks == (BUTTON, DocumentBlock("a"))


def test_an_answer_without_a_document_ends_with_the_link() -> None:
    answer = list_topics(OFFICE, (), {})
    assert with_page(answer, LINK).blocks == (*answer.blocks, BUTTON)


def test_a_link_that_is_there_already_is_not_shown_twice() -> None:
    answer = Answer("s", "h", (Button("Here", LINK), DocumentBlock("a")), "r")
    assert with_page(answer, LINK) == answer


def test_a_notice_says_what_was_changed_and_what_to_do_if_it_was_not_you() -> None:
    notice = notice_changes(OFFICE, ("send.at: 08:00 → 07:30",), PRESENT)
    text = repr(notice)
    assert "send.at: 08:00 → 07:30" in text
    assert "somebody else has the link" in text
    assert notice.subject == "Your preferences for Shore were changed"
    assert "subscribed" in notice.reason
