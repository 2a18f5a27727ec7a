"""Answers to what could not be obeyed as it was written. They repeat one line of it at most."""

from collections.abc import Iterator, Sequence
from typing import Final

from newsletter.model import (
    Answer,
    Block,
    Command,
    CommandName,
    Listing,
    Misunderstanding,
    Paragraph,
)
from newsletter.rules.answering.office import Office, quotable, write_subject_line
from newsletter.rules.answering.phrasing import write_command
from newsletter.rules.commands import COMMANDS
from newsletter.rules.composing import join_words

_SHOWN_LINES: Final = 10
_NAMED: Final = (
    *(CommandName.SUBSCRIBE, CommandName.TOPICS, CommandName.SHOW),
    *(CommandName.PAUSE, CommandName.UNSUBSCRIBE, CommandName.HELP),
)
_FREE: Final = frozenset(
    {CommandName.SUBSCRIBE, CommandName.ADD, CommandName.DELETE, CommandName.SET}
)
"""Their arguments are words of the request; those of the others are values in a form of ours."""


def ask_what_was_meant(office: Office, unread: Sequence[Misunderstanding]) -> Answer:
    """Answer a mail in which no line could be obeyed: the nearest command, and the usual ones."""
    usual = [form for name in _NAMED for form in COMMANDS if form.name is name]
    return Answer(
        subject=write_subject_line(f"{office.short_name}: what did you mean?"),
        headline="We did not quite understand",
        blocks=(
            *not_understood(unread),
            Paragraph(
                "Nothing was changed. Write one command on a line; these are asked for most:"
            ),
            Listing(tuple((form.shapes[0], form.sentence) for form in usual)),
        ),
        reason=office.because_written,
    )


def ask_to_reply(office: Office, wishes: Sequence[Command]) -> Answer:
    """Answer commands that came without proof of who wrote them: a reply to this very mail does it.

    A single one becomes the subject, which the reply repeats (`read_commands` reads it there): then
    the reply may be empty. Several have to be written again.
    """
    carried = _carried(wishes)
    how = (
        "Reply to this mail, and it is done. Your reply may be empty."
        if carried
        else "Reply to this mail with the same lines once more, and it is done."
    )
    return Answer(
        subject=f"Re: {carried}" if carried else write_subject_line("One reply, and it is done"),
        headline="One reply, and it is done",
        blocks=(
            Listing(tuple(_understood(wishes)), "This is what we understood"),
            Paragraph(
                "Nothing was changed yet. Anybody could put your address on a mail, so we make sure "
                "that it was you."
            ),
            Paragraph(how),
            Paragraph("If it was not you, leave this mail alone, and all stays as it is."),
        ),
        reason=office.because_written,
    )


def not_understood(unread: Sequence[Misunderstanding]) -> Iterator[Block]:
    """Yield what is to be said of lines that could not be obeyed: of the first all, of others where."""
    if not unread:
        return
    first, others = unread[0], unread[1:]
    quoted = quotable(first.text)
    hint = quotable(first.suggestion or "")
    reason = quotable(first.reason)
    said = f"{_capital(reason)}." if reason else "That is no command we know."
    meant = f" Did you mean “{hint}”?" if hint else ""
    term = f"“{quoted}”" if quoted else _capital(_place(first.line))
    yield Listing(((term, said + meant),), "This we could not read")
    if others:
        places = [_place(one.line) for one in others[:_SHOWN_LINES]]
        verb = "was" if len(others) == 1 else "were"
        yield Paragraph(f"{_capital(join_words(places))} {verb} not understood either.")


def _carried(wishes: Sequence[Command]) -> str:
    if len(wishes) != 1 or wishes[0].name is CommandName.SET:
        return ""
    written = write_command(wishes[0])
    return written if quotable(written) == written else ""


def _understood(wishes: Sequence[Command]) -> Iterator[tuple[str, str]]:
    sentences = {form.name: form.sentence for form in COMMANDS}
    for place, wish in enumerate(wishes[:_SHOWN_LINES]):
        is_shown = place == 0 or wish.name not in _FREE
        written = quotable(write_command(wish)) if is_shown else ""
        yield written or wish.name, sentences[wish.name]
    if len(wishes) > _SHOWN_LINES:
        yield f"and {len(wishes) - _SHOWN_LINES} more", ""


def _place(line: int) -> str:
    return f"line {line}" if line else "the subject"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
