"""Answers to what a person thinks of entries of a letter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from newsletter.model import Answer, Block, Listing, Paragraph
from newsletter.rules.answering.office import Office, write_subject_line
from newsletter.rules.composing import join_words, shorten, tidy

_TITLE_CHARACTERS: Final = 160
_KEPT_ONLY: Final = "Your preferences say “learn: false”: as long as they do, it changes nothing."


@dataclass(frozen=True, slots=True)
class Voted:
    """What was understood of a like or dislike.

    `titles` are the entries by their numbers in the letter, `missing` numbers that it has not. `counts`
    is whether the reader lets votes change the letters.
    """

    is_like: bool
    titles: Mapping[int, str]
    missing: Sequence[int] = ()
    counts: bool = True


def ask_which_letter(office: Office) -> Answer:
    """Answer a like or dislike that came without the letter it is about."""
    return Answer(
        subject=write_subject_line(f"{office.short_name}: which letter?"),
        headline="Which letter do you mean?",
        blocks=(
            Paragraph("Every letter counts its entries anew, so we have to know the letter."),
            Paragraph("Please reply to the letter itself, and write the line once more."),
        ),
        reason=office.because_written,
    )


def thank_for_vote(office: Office, voted: Voted) -> Answer:
    """Answer likes or dislikes: which entries were meant, and what follows from it."""
    return Answer(
        subject=write_subject_line(f"{office.short_name}: about your letter"),
        headline="Thank you, that is noted" if voted.titles else "No entry has this number",
        blocks=tuple(_blocks(voted)),
        reason=office.because_written,
    )


def _blocks(voted: Voted) -> Iterator[Block]:
    if voted.titles:
        # The number first: a title of one word, alone on its line, might be obeyed when it comes back.
        rows = ((f"{number}.", _shown(title)) for number, title in voted.titles.items())
        yield Listing(tuple(rows), "More like this" if voted.is_like else "Less like this")
        yield Paragraph(_effect(voted))
    if voted.missing:
        numbers = join_words([str(one) for one in voted.missing])
        yield Paragraph(f"That letter has no entry {numbers}.")
    if not voted.titles:
        yield Paragraph("Nothing was noted.")


def _shown(title: str) -> str:
    return shorten(tidy(title), _TITLE_CHARACTERS) or "Untitled"


def _effect(voted: Voted) -> str:
    if not voted.counts:
        return _KEPT_ONLY
    moved = "come forward" if voted.is_like else "move back"
    what = "it" if len(voted.titles) == 1 else "them"
    return f"From your next letter on, entries like {what} {moved}; the more votes, the more so."
