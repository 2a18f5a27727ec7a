"""Answers on the way in: the question, the welcome, and what is said to those who are in already."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from newsletter.model import Answer, Block, Button, Listing, Paragraph
from newsletter.rules.answering.office import Office, write_subject_line
from newsletter.rules.answering.present import Present, editable, outlook
from newsletter.rules.answering.times import write_local_date
from newsletter.rules.composing import join_words, shorten, tidy

_SHOWN_TOPICS: Final = 6
_TOPIC_CHARACTERS: Final = 80
_OR_REPLY: Final = Paragraph("Or just reply to this mail. Your reply may be empty.")
_AS_BEFORE: Final = Paragraph(
    "You were here before, so your letters come as they did then. What was chosen when you came back is "
    "not taken over; you can change everything now."
)
_FIRST_STEPS: Final = (
    ("topics", "brings all topics that you can follow"),
    ("weekly friday", "brings one letter a week, on that day"),
    ("pause 14d", "stops the letters for two weeks"),
    ("stop", "ends them for good"),
)


def ask_to_confirm(office: Office, link: str, *, ends_at: datetime) -> Answer:
    """Ask an address that anybody may have named; nothing of the request stands in it.

    `link` is the page with the button, or a mailto of the address with the token; a reply to the
    message confirms as well. `ends_at` is when the question is forgotten.
    """
    name = office.short_name
    last_day = write_local_date(ends_at, "UTC")
    return Answer(
        subject=write_subject_line(f"Please confirm your letters from {name}"),
        headline="Shall we write to you?",
        blocks=(
            Paragraph(
                f"Somebody, most likely you, asked for letters from {name} to this address. They "
                "bring the new papers and posts that match your topics, on the days that you choose."
            ),
            Button("Yes, send me letters", link),
            *([_OR_REPLY] if office.takes_mail else ()),
            Paragraph(
                "If you did not ask for them, leave this mail alone. No letter will come, and your "
                f"address is forgotten after {last_day}."
            ),
        ),
        reason=f"You get this mail because your address was given to {name}. We ask only once in a while.",
    )


def say_too_late(office: Office) -> Answer:
    """Answer a confirmation that came after the question was forgotten, or a second time."""
    return Answer(
        subject=write_subject_line(f"{office.short_name}: that question is closed"),
        headline="That question is closed",
        blocks=(
            Paragraph("It was answered before, or more than seven days have passed."),
            Paragraph(
                "If letters come to you, all is well. If not, write the word “subscribe” to "
                f"{office.address}, and we ask you once more."
            ),
        ),
        reason=office.because_written,
    )


def welcome(
    office: Office, topics: Sequence[str], present: Present, *, is_as_before: bool = False
) -> Answer:
    """Greet somebody who has confirmed: what comes when, and how to change it.

    `topics` are the titles of what the person follows, in their order. `is_as_before`: these are
    preferences of an earlier time, and something else was asked for now.
    """
    first_steps = (
        Paragraph("Whenever you like, reply to this mail with one of these words:"),
        Listing(_FIRST_STEPS),
    )
    return Answer(
        subject=write_subject_line(f"Welcome to {office.short_name}"),
        headline="Welcome, you are on the list",
        blocks=(
            Paragraph(f"{_what_comes(topics)} Beside each entry stands why it is there."),
            *([_AS_BEFORE] if is_as_before else ()),
            *outlook(present),
            *(first_steps if office.takes_mail else ()),
            *editable(office, present.document),
        ),
        reason=office.because_subscribed,
    )


def say_subscribed_already(office: Office, present: Present) -> Answer:
    """Answer a request to subscribe of somebody who gets letters: nothing changes."""
    return Answer(
        subject=write_subject_line(f"You get letters from {office.short_name} already"),
        headline="You are on the list already",
        blocks=(
            Paragraph("So nothing was changed."),
            *outlook(present),
            *editable(office, present.document),
        ),
        reason=office.because_written,
    )


def show_way_to_preferences(
    office: Office, link: str, present: Present, *, ends_at: datetime
) -> Answer:
    """Send a subscriber the way to the page with the preferences, which somebody asked for there.

    `link` is that page, or a mailto of the address with the token; it is good until `ends_at`.
    """
    name = office.short_name
    last_day = write_local_date(ends_at, "UTC")
    return Answer(
        subject=write_subject_line(f"Your preferences at {name}"),
        headline="Your preferences",
        blocks=(
            Paragraph(
                f"Somebody, most likely you, asked on our page for the way to your preferences. The "
                f"button is good until {last_day}. Who has this mail can change what you get: keep "
                "it to yourself."
            ),
            Button("Change my preferences", link),
            *outlook(present),
            Paragraph("If it was not you, leave this mail alone: nothing was changed."),
        ),
        reason=office.because_subscribed,
    )


def welcome_back(office: Office, present: Present) -> Answer:
    """Greet somebody who took an unsubscribe back: all is as it was."""
    back: tuple[Block, ...] = (
        Paragraph("Your preferences are as they were. What came meanwhile is not sent again."),
    )
    return Answer(
        subject=write_subject_line(f"Welcome back to {office.short_name}"),
        headline="Your letters come again",
        blocks=(*back, *outlook(present), *editable(office, present.document)),
        reason=office.because_subscribed,
    )


def _what_comes(topics: Sequence[str]) -> str:
    if not topics:
        return "Your letters bring what most people find interesting, until you name topics."
    titles = [shorten(tidy(topic), _TOPIC_CHARACTERS) for topic in topics]
    if len(titles) > _SHOWN_TOPICS:
        titles = [*titles[: _SHOWN_TOPICS - 1], f"{len(titles) - _SHOWN_TOPICS + 1} more topics"]
    return f"Your letters bring what is new on {join_words(titles)}."
