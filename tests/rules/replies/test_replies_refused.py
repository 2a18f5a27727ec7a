"""What cannot be read for certain is refused, with the line and what to do."""
# ruff: noqa: RUF001 - the look-alike characters are the point

from dataclasses import replace

import pytest

from newsletter.model import InboundMail
from newsletter.rules.replies import Found, NoBlock, Why, find_block
from tests.rules.replies.documents import EDITS, OWN, SHOWN, meaning_or_none, put
from tests.rules.replies.messages import (
    BEGIN,
    END,
    breaks,
    divs,
    letter,
    marked,
    message,
    part,
    quote,
    read,
)

MEANT = EDITS["at most"](SHOWN)
EMPTY = InboundMail(None, None, None, "", "", None, (), None, None, {})


def answer(lines: list[str], sent: str = SHOWN) -> Found | NoBlock:
    return find_block(replace(EMPTY, plain="\n".join(lines)), sent)


def answer_page(body: str, sent: str = SHOWN) -> Found | NoBlock:
    return find_block(replace(EMPTY, html=body), sent)


def refused(found: Found | NoBlock) -> NoBlock:
    assert isinstance(found, NoBlock), found.text
    return found


def with_line(new: str, below: str = "timezone:") -> list[str]:
    lines = marked(MEANT)
    at = next(index for index, line in enumerate(lines) if line.strip().startswith(below))
    return [*lines[: at + 1], new, *lines[at + 1 :]]


def test_a_mail_without_marker_lines_has_no_block() -> None:
    found = refused(answer(["Thanks!", "", "every: day"]))
    assert found.why is Why.NO_BLOCK
    assert "# BEGIN PREFERENCES" in found.doubt


def test_a_mail_without_any_text_has_no_block() -> None:
    assert refused(find_block(EMPTY, SHOWN)).why is Why.NO_BLOCK


@pytest.mark.parametrize("lines", [marked(MEANT)[:-1], marked(MEANT)[:9], marked(MEANT)[1:]])
def test_a_block_that_lost_a_marker_line_is_never_used(lines: list[str]) -> None:
    assert refused(answer(lines)).why is Why.CUT


def test_a_cut_block_above_a_whole_quotation_is_not_passed_over() -> None:
    lines = [
        *marked(MEANT)[:-1],
        "",
        "On 2026-11-23, letter@example.net wrote:",
        *quote(letter(SHOWN)),
    ]
    assert refused(answer(lines)).why is Why.CUT
    assert refused(answer([*lines[:4], *quote(letter(EDITS["order"](SHOWN)))])).why is Why.CUT


def test_a_quotation_that_was_cut_below_a_whole_block_does_not_matter() -> None:
    assert isinstance(answer([*marked(MEANT), "", *quote(letter(SHOWN)[:9])]), Found)


def test_an_answer_of_thanks_changes_nothing_whatever_is_quoted_deeper() -> None:
    older = quote(quote(letter(EDITS["delete a topic"](SHOWN))))
    assert refused(answer(["Thanks!", "", *quote(letter(SHOWN)), *older])).why is Why.UNCHANGED


def test_two_different_blocks_side_by_side_are_refused() -> None:
    two = [*marked(MEANT), "", *marked(EDITS["order"](SHOWN))]
    assert "two blocks" in refused(answer(two)).doubt
    assert "two blocks" in refused(answer([*marked(SHOWN), "", *marked(MEANT)])).doubt


def test_the_same_block_twice_is_one() -> None:
    assert isinstance(answer([*marked(MEANT), "", *marked(MEANT)]), Found)


def test_a_changed_block_right_above_the_sent_one_is_the_new_one() -> None:
    assert isinstance(answer([*marked(MEANT), "", *marked(SHOWN)]), Found)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("Thanks, Ada", "neither a key"),
        ("  please every day", "neither a key"),
        ("...", "left out"),
        ("[…]", "left out"),
        ("  name: Caf\ufffd", "lost on the way"),
        ("  # caf\ufffd", "lost on the way"),
        ("mute2: 'abc", "not closed"),
        ("mute2: [abc,", "not closed"),
        ("mute2: ‘a’ OR ‘b’", "bent"),
        ("mute2: cafÃ©", "changed on the way"),
        ("     at_all: 2", "indentation"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line: str, word: str) -> None:
    found = refused(answer(with_line(line)))
    assert found.why is Why.UNCERTAIN
    assert word in found.doubt
    assert found.place
    assert found.place.text == line.strip()
    assert found.place.number == 7


def test_an_indented_greeting_does_not_become_a_part_of_the_name() -> None:
    assert refused(answer(with_line("  Best", "name: Ada"))).place


def test_letters_that_a_charset_lacks_are_missed() -> None:
    sent = put("name: Ada", "name: 'Ada Ångström'")(SHOWN)
    lost = [line.replace("Ångström", "?ngstr?m the 1st") for line in marked(sent)]
    assert "lost on the way" in refused(answer(lost, sent)).doubt


def test_a_line_that_is_crossed_out_is_neither_kept_nor_removed() -> None:
    for begin, end in (
        ("<s>", "</s>"),
        ('<span style="text-decoration: line-through">', "</span>"),
    ):
        body = divs(marked(MEANT)).replace("at_most: 5", f"{begin}at_most: 5{end}")
        assert "crossed out" in refused(answer_page(body)).doubt


def test_a_picture_in_a_line_is_not_left_out() -> None:
    body = divs(marked(MEANT)).replace("at_most: 5", 'at_most: <img src="cid:five" alt="five">')
    assert "picture" in refused(answer_page(body)).doubt


def test_a_new_key_without_its_indentation_has_no_place() -> None:
    lines = [line.strip() for line in marked(EDITS["cadence: week"](SHOWN))]
    found = refused(answer(lines))
    assert "indentation" in found.doubt
    assert found.place
    assert found.place.text == "day: fri"


def test_a_line_that_may_be_the_end_of_the_one_above_is_refused() -> None:
    long = "    about: what people do when they are asked to do things that others"
    lines = with_line("  - name: asking", "- reinforcement-learning")
    lines = [line for line in lines if "disaster" not in line and "climate" not in line]
    at = lines.index("  - name: asking") + 1
    doubtful = [*lines[:at], long, "refuse: an overview", *lines[at:]]
    assert "end of the line above" in refused(answer(doubtful)).doubt


def test_parts_that_say_different_things_are_refused() -> None:
    text, page = (
        part("plain", marked(MEANT), "8bit"),
        part("html", divs(marked(EDITS["order"](SHOWN))), "8bit"),
    )
    assert "different things" in refused(find_block(read(message(text, page)), SHOWN)).doubt
    page = part("html", divs(marked(SHOWN)), "8bit")
    assert "different things" in refused(find_block(read(message(text, page)), SHOWN)).doubt


def test_of_two_parts_that_cannot_be_used_the_better_reason_is_given() -> None:
    both = replace(EMPTY, plain="\n".join(marked(MEANT)[:5]), html=divs(with_line("Hello")))
    assert refused(find_block(both, SHOWN)).place
    both = replace(EMPTY, plain="\n".join(marked(SHOWN)), html=divs(with_line("Hello")))
    assert refused(find_block(both, SHOWN)).why is Why.UNCHANGED


def test_what_is_longer_than_any_document_is_refused() -> None:
    long = [BEGIN, *["# a"] * 1_001, END]
    wide = [BEGIN, "# " + "a" * 40_000, END]
    many = marked(MEANT) * 5
    for lines in (long, wide, many, ["a"] * 20_001):
        assert "longer than any document" in refused(answer(lines)).doubt
    assert "longer than any document" in refused(answer_page("<p>a</p>" * 20_002)).doubt
    assert (
        "longer than any document" in refused(answer_page(f"<pre>{chr(10) * 20_002}</pre>")).doubt
    )


def test_a_text_of_several_lines_stays_as_it_is_or_is_refused() -> None:
    sent = OWN.replace(
        "    about: machine learning that helps governments to plan climate policy and disaster relief\n",
        "    about: >\n      machine learning that helps governments\n\n      - and others - to plan\n",
    )
    meant = EDITS["at most"](sent)
    for lines in (marked(meant), quote(marked(meant)), [one.strip() for one in marked(meant)]):
        found = answer(lines, sent)
        assert isinstance(found, Found), found
        assert meaning_or_none(found.text) == meaning_or_none(meant)
    changed = meant.replace("and others", "and you")
    found = answer(marked(changed), sent)
    assert isinstance(found, Found)
    assert found.text == changed
    doubt = refused(answer([one.strip() for one in marked(changed)], sent)).doubt
    assert "longer text" in doubt


def test_a_quotation_over_two_lines_stays_as_it_is_or_is_refused() -> None:
    sent = OWN.replace("title:policy)'", "title:policy)\n      OR author:Doe'")
    found = answer(marked(EDITS["at most"](sent)), sent)
    assert isinstance(found, Found)
    assert found.text == EDITS["at most"](sent)
    moved = [line for line in marked(sent) if "safety" not in line]
    assert "longer text" in refused(answer(moved, sent)).doubt


def test_breaks_in_html_are_no_wraps() -> None:
    lines = [line.replace(" and disaster relief", "") for line in marked(MEANT)]
    assert isinstance(answer_page(breaks(lines)), Found)
