"""The notice that a link in a letter was used to get fewer letters, or less in them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from newsletter.model import Answer, Button, Listing, Paragraph, Preferences
from newsletter.rules.answering.office import Office, write_subject_line
from newsletter.rules.answering.times import write_cadence, write_local_date
from newsletter.rules.composing import shorten, tidy, write_date

_CHANGE_CHARACTERS: Final = 300


def notice_less(
    office: Office, changes: Sequence[str], undo: str, *, ends_at: datetime, timezone: str = "UTC"
) -> Answer:
    """Tell somebody what was changed with the link of a letter, which may have been forwarded.

    `changes` are sentences, `undo` the link that puts things back until `ends_at`. Sent once a day.
    """
    last_day = write_local_date(ends_at, timezone)
    return Answer(
        subject=write_subject_line(f"Your letters from {office.short_name} are fewer now"),
        headline="Was it you who changed this?",
        blocks=(
            Paragraph("The page behind a link in one of your letters was used. What it changed:"),
            Listing(tuple((shorten(tidy(one), _CHANGE_CHARACTERS), "") for one in changes)),
            Paragraph(
                "If that was you, all is done. If you passed a letter on, somebody else may have "
                "followed the link in it. They saw nothing that is not in that letter, and cannot "
                "bring you more than you asked for."
            ),
            Button("Put it back as it was", undo),
            Paragraph(
                f"The button works until {last_day}, and as long as nothing else was changed. We write "
                "this at most once a day."
            ),
        ),
        reason=office.because_subscribed,
    )


def tell_less(old: Preferences, new: Preferences) -> tuple[str, ...]:
    """Return what `new` brings less than `old`, a sentence for each."""
    return tuple(_told(old, new))


def _told(old: Preferences, new: Preferences) -> Iterator[str]:
    for topic in old.topics:
        if topic not in new.topics:
            yield f"“{topic.title}” is none of your topics any more."
    if new.pause_until and new.pause_until != old.pause_until:
        yield f"Your letters pause. They come again from {write_date(new.pause_until)} on."
    if new.cadence != old.cadence:
        yield f"Your letters come {write_cadence(new.cadence)}."
