"""Replies as people send them, each from another program or with another mishap: all are read as meant."""

import pytest

from newsletter.rules.replies import Found, find_block
from tests.rules.replies.documents import EDITS, OWN, SHOWN, meaning
from tests.rules.replies.hands import Hand, page, plain
from tests.rules.replies.messages import BEGIN, END, divs, letter, marked, quote, read
from tests.rules.replies.mishaps import AFTER_MISHAPS
from tests.rules.replies.programs import OF_PROGRAMS


@pytest.mark.parametrize("one", [*OF_PROGRAMS, *AFTER_MISHAPS], ids=lambda one: one.__name__)
def test_a_reply_is_read_as_it_was_meant(one: Hand) -> None:
    sent, meant, raw = one()
    found = find_block(read(raw), sent)
    assert isinstance(found, Found), found
    assert meaning(found.text) == meaning(meant), found.text


def test_there_are_enough_of_them() -> None:
    assert len((*OF_PROGRAMS, *AFTER_MISHAPS)) >= 40


def test_comments_and_empty_lines_stay_where_they_were() -> None:
    meant = EDITS["at most"](OWN)
    found = find_block(read(plain(quote(letter(meant)))), OWN)
    assert isinstance(found, Found)
    assert found.text == meant


def test_a_line_that_was_a_comment_holds_when_its_sign_is_taken_away() -> None:
    sent = (
        SHOWN.replace("follow:\n", "  # - robotics\nfollow:\n")
        .replace("mute:\n", "# pause\nmute:\n")
        .replace("pause_until:", "# pause_until: 2027-01-04")
    )
    for old, new in (("# pause_until", "pause_until"), ("  # - robotics", "  - robotics")):
        meant = sent.replace(old, new)
        found = find_block(read(plain(marked(meant))), sent)
        assert isinstance(found, Found)
        assert found.text == meant
    for old, new in (("format: html", "# format: html"), ("  order:", "  # order:")):
        found = find_block(read(plain(quote(marked(sent.replace(old, new))))), sent)
        assert isinstance(found, Found)
        assert found.text == sent.replace(old, new)


def test_a_line_that_is_the_beginning_of_a_sent_one_is_a_line_of_its_own() -> None:
    found = find_block(read(plain([*marked(OWN)[:-1], "# On working", END])), OWN)
    assert isinstance(found, Found)
    assert found.text == f"{OWN}# On working\n"


def test_comments_that_became_headings_are_comments_again() -> None:
    lines = [line.removeprefix("# ") for line in marked(EDITS["at most"](OWN))]
    found = find_block(read(page(divs(lines))), OWN)
    assert isinstance(found, Found)
    assert found.text.startswith("# What I want to read")


def test_each_line_of_the_text_is_traced_to_the_line_that_the_person_sees() -> None:
    meant = EDITS["at most"](SHOWN)
    lines = [one for line in marked(meant) for one in (f"> {line}", ">")]
    found = find_block(read(plain(["Hello", *lines])), SHOWN)
    assert isinstance(found, Found)
    at = found.text.split("\n").index("  at_most: 5") + 1
    seen = found.seen_at(at)
    assert seen
    assert seen.text == "at_most: 5"
    assert seen.number == 2 * at
    assert found.seen_at(0) is None
    assert found.seen_at(999) is None


def test_a_block_whose_keys_were_all_removed_is_found_empty() -> None:
    found = find_block(read(plain([BEGIN, "", END])), SHOWN)
    assert isinstance(found, Found)
    assert not found.text
