"""Answers about preferences: shown, changed, refused, paused."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from newsletter.model import (
    Answer,
    Block,
    DocumentBlock,
    Listing,
    Misunderstanding,
    Paragraph,
    Problem,
)
from newsletter.rules.answering.misreading import not_understood
from newsletter.rules.answering.office import Office, write_subject_line
from newsletter.rules.answering.present import Present, editable, feed_of, outlook
from newsletter.rules.composing import shorten, tidy, write_date

SHOWN_PROBLEMS: Final = 20
SHOWN_CHANGES: Final = 60
_CHANGE_CHARACTERS: Final = 300


def show_preferences(office: Office, present: Present) -> Answer:
    """Answer `show`: the document to edit, and which letters follow from it."""
    return Answer(
        subject=write_subject_line(f"Your preferences for {office.short_name}"),
        headline="What you asked for",
        blocks=(*editable(office, present.document), *outlook(present), *feed_of(present)),
        reason=office.because_written,
    )


def tell_changes(
    office: Office,
    changes: Sequence[str],
    present: Present,
    unread: Sequence[Misunderstanding] = (),
) -> Answer:
    """Answer a change: one line for each, then what is in force now.

    `changes` are lines such as `send.at: 08:00 → 07:30`; without any, all was so before. `unread` are
    lines of the same mail that could not be obeyed.
    """
    told: tuple[Block, ...] = (Listing(tuple(_changed(changes))),)
    if not changes:
        told = (Paragraph("What you wrote is what was in force already."),)
    return Answer(
        subject=write_subject_line(f"Your preferences for {office.short_name} are changed")
        if changes
        else write_subject_line(f"Your preferences for {office.short_name} stay as they are"),
        headline="Changed, as you asked" if changes else "Nothing had to change",
        blocks=(
            *told,
            *not_understood(unread),
            *outlook(present),
            *editable(office, present.document),
        ),
        reason=office.because_written,
    )


def refuse_edit(office: Office, problems: Sequence[Problem], document: str) -> Answer:
    """Answer an edited document that cannot be taken: every problem, and a fresh copy to edit.

    `document` is the one in force. Nothing was changed.
    """
    return Answer(
        subject=write_subject_line(f"Your preferences for {office.short_name} need one more look"),
        headline="Nothing was changed yet",
        blocks=(
            Paragraph(f"We would rather ask than guess. {_unread(problems)}"),
            Listing(tuple(_told(problems))),
            Paragraph(
                "Here are your preferences as they are in force. Reply to this mail, edit the lines "
                "between the two marker lines, and leave the marker lines as they are."
            ),
            DocumentBlock(document),
        ),
        reason=office.because_written,
    )


def tell_pause(office: Office, until: date, present: Present) -> Answer:
    """Answer a pause; letters come again on the first slot from `until` on."""
    return Answer(
        subject=write_subject_line(f"Your letters from {office.short_name} are paused"),
        headline="Your letters are paused",
        blocks=(
            Paragraph(
                f"They come again from {write_date(until)} on. To end the pause before, reply with "
                "the word “resume”."
            ),
            *outlook(present),
            *editable(office, present.document),
        ),
        reason=office.because_written,
    )


def tell_resume(office: Office, present: Present) -> Answer:
    """Answer the end of a pause."""
    return Answer(
        subject=write_subject_line(f"Your letters from {office.short_name} come again"),
        headline="Your letters come again",
        blocks=(*outlook(present), *editable(office, present.document)),
        reason=office.because_written,
    )


def _changed(changes: Sequence[str]) -> Iterator[tuple[str, str]]:
    for change in changes[:SHOWN_CHANGES]:
        yield shorten(tidy(change), _CHANGE_CHARACTERS), ""
    if len(changes) > SHOWN_CHANGES:
        yield f"and {len(changes) - SHOWN_CHANGES} more", ""


def _unread(problems: Sequence[Problem]) -> str:
    lines = {problem.line for problem in problems if problem.line}
    if not lines:
        return "This could not be taken:"
    are = "this line" if len(lines) == 1 else "these lines"
    return f"Counted from the first marker line, {are} could not be read:"


def _told(problems: Sequence[Problem]) -> Iterator[tuple[str, str]]:
    for problem in problems[:SHOWN_PROBLEMS]:
        place = f"Line {problem.line}" if problem.line else "All of it"
        term = f"{place}, {problem.key}" if problem.key else place
        hint = f"; {problem.suggestion}" if problem.suggestion else ""
        said = tidy(f"{problem.message}{hint}")
        yield term, shorten(f"{said[:1].upper()}{said[1:]}", _CHANGE_CHARACTERS)
    if len(problems) > SHOWN_PROBLEMS:
        yield f"and {len(problems) - SHOWN_PROBLEMS} more", ""
