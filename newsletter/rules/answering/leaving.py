"""Answers on the way out: each but the last names the way back."""

from datetime import datetime
from typing import Final

from newsletter.model import Answer, Block, Button, Paragraph
from newsletter.rules.answering.office import Office, write_subject_line
from newsletter.rules.answering.times import write_local_date

_AT_ONCE: Final = (
    "No further letter is sent to you. One that was on its way this very minute may still arrive."
)


def say_goodbye(office: Office, undo: str, *, ends_at: datetime, timezone: str = "UTC") -> Answer:
    """Answer somebody who left. `undo` is the link that takes it back until `ends_at`."""
    return Answer(
        subject=write_subject_line(f"You have left {office.short_name}"),
        headline="Goodbye, and thank you for reading",
        blocks=(
            Paragraph(_AT_ONCE),
            *_way_back(office, undo, write_local_date(ends_at, timezone)),
        ),
        reason=f"You get this mail because your letters from {office.short_name} have ended.",
    )


def notice_leaving(
    office: Office, undo: str, *, ends_at: datetime, timezone: str = "UTC"
) -> Answer:
    """Tell somebody that a link in one of their letters ended the subscription.

    That letter may have been forwarded, and the link followed by another. Sent once.
    """
    return Answer(
        subject=write_subject_line(f"Your letters from {office.short_name} have ended"),
        headline="Was it you who left?",
        blocks=(
            Paragraph(
                "The link to unsubscribe in one of your letters was used. If that was you, all is "
                "done and nothing more will come."
            ),
            Paragraph("If you passed a letter on, somebody else may have followed the link in it."),
            *_way_back(office, undo, write_local_date(ends_at, timezone)),
        ),
        reason=f"You get this mail, once, because your letters from {office.short_name} have ended.",
    )


def say_not_subscribed(office: Office) -> Answer:
    """Answer a wish that needs a subscription where there is none."""
    return Answer(
        subject=write_subject_line(f"No letters go to you from {office.short_name}"),
        headline="You are not on the list",
        blocks=(
            Paragraph("There is nothing to change or to end: no letters go to this address."),
            _how_to_join(office),
        ),
        reason=office.because_written,
    )


def say_erased(office: Office) -> Answer:
    """Answer somebody whose data was erased: what is gone, and the one thing that is kept."""
    return Answer(
        subject=write_subject_line(f"{office.short_name}: all about you is erased"),
        headline="All about you is erased",
        blocks=(
            Paragraph(
                "Your subscription, your preferences and the record of your letters are gone. "
                "Copies of your mails follow within 24 hours. No letter will come any more."
            ),
            Paragraph(
                "One thing is kept: a fingerprint of your address. Nobody can read the address "
                "from it; it only makes sure that we do not write to you by mistake."
            ),
        ),
        reason=office.because_written,
    )


def _way_back(office: Office, undo: str, last_day: str) -> tuple[Block, ...]:
    return (
        Paragraph(
            "If you want to go on reading, one step brings everything back as it was, your "
            f"preferences included. It works until {last_day}."
        ),
        Button("Bring my letters back", undo),
        Paragraph(
            f"Later than that, write the word “subscribe” to {office.address} and start anew."
            if office.takes_mail
            else "Later than that, ask for letters on our page and start anew."
        ),
    )


def _how_to_join(office: Office) -> Paragraph:
    return Paragraph(f"To get letters, write the word “subscribe” to {office.address}.")
