"""One voice: what must hold of every answer, whatever it is about."""

import re
from datetime import timedelta

import pytest

from newsletter.model import Button, Command, CommandName, DocumentBlock, Misunderstanding
from newsletter.rules.answering import (
    ask_to_confirm,
    ask_to_reply,
    ask_what_was_meant,
    write_command,
)
from newsletter.rules.commands import COMMANDS, read_commands
from tests.rules.answer_samples import NOW, OFFICE, all_answers, mail, said, texts_of

ANSWERS = all_answers()
JARGON = re.compile(
    r"\b(token|yaml|smtp|rfc|opt-in|bounce\w*|suppress\w*|verp|null|undefined|slot|edition|"
    r"enum|database|server|relay|newsletter (?:send|serve|collect))\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_has_a_short_subject_a_headline_and_a_reason(name: str) -> None:
    answer = ANSWERS[name]
    assert 0 < len(answer.subject) <= 70
    assert answer.headline
    assert not answer.headline.endswith(".")
    assert answer.reason.endswith(".")
    assert answer.blocks


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_plain_words_in_whole_sentences(name: str) -> None:
    for text in texts_of(ANSWERS[name]):
        assert "!" not in text
        assert "  " not in text
        assert text == text.strip()
        assert not re.search(r"\{|\}|<|>|ADDRESS|OWNER", text), text
        assert not JARGON.search(text), text
        assert "None" not in text


@pytest.mark.parametrize("name", ANSWERS)
def test_a_reply_to_an_answer_obeys_nothing_that_stood_in_its_subject(name: str) -> None:
    found = read_commands(mail("Thank you.", f"Re: {ANSWERS[name].subject}"))
    expected = [Command(CommandName.PAUSE, ("days", "14"))] if name == "reply-to-do" else []
    assert [*found] == expected


def test_the_question_for_consent_says_nothing_that_the_request_said() -> None:
    answer = ask_to_confirm(OFFICE, "https://news.example.org/c/1", ends_at=NOW)
    assert Button("Yes, send me letters", "https://news.example.org/c/1") in answer.blocks
    assert "reply may be empty" in said(answer)
    assert "is forgotten after Monday, 23 November 2026" in said(answer)
    assert ask_to_confirm(OFFICE, "https://news.example.org/c/1", ends_at=NOW) == answer


def test_a_long_name_leaves_room_in_the_subject() -> None:
    long = type(OFFICE)("Paper Round " * 20, OFFICE.address, OFFICE.owner)
    answer = ask_to_confirm(long, "https://x.example", ends_at=NOW + timedelta(7))
    assert len(answer.subject) <= 70
    assert answer.subject.startswith("Please confirm your letters from Paper Round Paper")


def slip(text: str, reason: str, suggestion: str | None = None) -> Misunderstanding:
    return Misunderstanding(3, text, reason, suggestion)


def test_one_line_is_repeated_and_the_others_are_only_counted() -> None:
    others = [Misunderstanding(number, "secret words", "secret reason", "x") for number in (5, 0)]
    text = said(ask_what_was_meant(OFFICE, [slip("pauze", "no such word", "pause"), *others]))
    assert "“pauze” No such word. Did you mean “pause”?" in text
    assert "Line 5 and the subject were not understood either." in text
    assert "secret" not in text
    one = said(ask_what_was_meant(OFFICE, [slip("a", "b"), Misunderstanding(9, "c", "d")]))
    assert "“a” B. " in one
    assert "Line 9 was not understood either." in one


@pytest.mark.parametrize(
    "line",
    [
        "buy at https://evil.example/x",
        "evil.example",
        "www evil",
        "mail eve@evil",
        "//evil/x",
        "evil。example",
        "\u202e\u200b",
    ],
)
def test_a_line_that_could_be_a_link_is_not_repeated(line: str) -> None:
    answer = ask_what_was_meant(OFFICE, [slip(line, f"what is {line}", line)])
    assert "evil" not in said(answer)
    assert "Line 3 " in said(answer)


def test_a_long_line_is_repeated_in_part() -> None:
    assert "“" + "x" * 59 + "…”" in said(ask_what_was_meant(OFFICE, [slip("x" * 500, "no")]))


EXAMPLES = sorted({example for form in COMMANDS for example in form.examples})


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_command_is_written_so_that_it_is_read_as_the_same(example: str) -> None:
    (wish,) = read_commands(mail(subject=example))
    assert isinstance(wish, Command)
    assert read_commands(mail(subject=write_command(wish))) == (wish,)


@pytest.mark.parametrize("example", ["pause 14d", "weekly friday at 07:30", "stop", "add robotics"])
def test_one_wish_without_proof_stands_in_the_subject_and_an_empty_reply_does_it(
    example: str,
) -> None:
    (wish,) = read_commands(mail(subject=example))
    assert isinstance(wish, Command)
    answer = ask_to_reply(OFFICE, [wish])
    assert read_commands(mail("", answer.subject)) == (wish,)
    assert "Your reply may be empty." in said(answer)
    assert "Nothing was changed yet." in said(answer)


def test_several_wishes_have_to_be_written_again() -> None:
    first = Command(CommandName.ADD, ("gulls",))
    second = Command(CommandName.ADD, ("secret",))
    third = Command(CommandName.PAUSE, ("until", "2027-01-04"))
    answer = ask_to_reply(OFFICE, [first, second, third])
    assert "with the same lines once more" in said(answer)
    assert "add gulls" in said(answer)
    assert "secret" not in said(answer)
    assert "pause until 2027-01-04" in said(answer)
    assert "and 5 more" in said(ask_to_reply(OFFICE, [third] * 15))


@pytest.mark.parametrize(
    "wish",
    [
        Command(CommandName.ADD, ("visit evil.example",)),
        Command(CommandName.ADD, ("x" * 99,)),
        Command(CommandName.SET),
    ],
)
def test_a_wish_that_cannot_stand_in_a_subject_has_to_be_written_again(wish: Command) -> None:
    answer = ask_to_reply(OFFICE, [wish])
    assert answer.subject == "One reply, and it is done"
    assert "evil" not in said(answer)
    assert "once more" in said(answer)


def test_what_holds_preferences_says_how_to_edit_them() -> None:
    for name, answer in ANSWERS.items():
        if any(isinstance(block, DocumentBlock) for block in answer.blocks):
            assert "marker lines" in said(answer) or name == "all-that-is-stored", name
