"""Answers to invented wishes: what the templates of answers have to show well."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from newsletter.model import (
    Answer,
    CatalogueTopic,
    Command,
    CommandName,
    EmailAddress,
    Letterhead,
    Listing,
    Misunderstanding,
    Problem,
    Silence,
    SilenceReason,
    Slot,
    Topic,
)
from newsletter.rules.answering import (
    Office,
    Present,
    Rehearsal,
    ask_to_confirm,
    ask_to_reply,
    ask_what_was_meant,
    explain_commands,
    explain_silence,
    hand_over_data,
    list_topics,
    notice_leaving,
    notice_less,
    probe,
    refuse_edit,
    say_erased,
    say_goodbye,
    show_preferences,
    show_way_to_preferences,
    tell_changes,
    tell_pause,
    welcome,
)

_MORNING: Final = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
_PAGE: Final = "https://news.example.org/{}/3mzq6kq2vd5r7wjx4n2ylgtbah"
_DOCUMENT: Final = """\
email: reader@example.org
name: Ada
send:
  every: weekday # day | weekday | week | month, or a list of days: [mon, thu]
  at: "08:00"
  timezone: Europe/Paris
topics:
  - robotics
  - name: guardrails
    query: 'guardrail* OR (jailbreak* AND conversation*)'
  - name: climate policy
    about: climate laws and policies, climate impacts, weather and precipitation forecasts
    weight: 2

mute: ["title:benchmark", "basketball"]
entries:
  at_most: 8
"""
_TITLES: Final = (
    "Folding Twice: Preferences of Tired People for Laundry Robots",
    "Rain Next Week: Honest Forecasts from Dishonest Sensors",
    "A Map of What Language Models Refuse, Drawn by the Models Themselves",
)
_DAYS: Final = tuple(
    Slot(day.date(), day, "Europe/Paris")
    for day in (_MORNING + timedelta(days=count) for count in range(3))
)
_PRESENT: Final = Present(_DOCUMENT, _DAYS, rehearsal=Rehearsal(date(2026, 11, 20), 7, _TITLES))
_TOPICS: Final = tuple(
    CatalogueTopic(Topic(name, title, query=title))
    for name, title in (
        ("climate", "Climate and weather"),
        ("language-models", "Language models"),
        ("robotics", "Robots and control"),
        ("speech", "Speech and audio"),
    )
)


def sample_answers(head: Letterhead) -> Mapping[str, Answer]:
    """Return the sample answers by a name that says what each is for."""
    office = Office(head.name, EmailAddress(f"news@{head.domain}"), head.owner)
    later = _MORNING + timedelta(days=14)
    return {
        "confirmation": ask_to_confirm(
            office, _PAGE.format("confirm"), ends_at=_MORNING + timedelta(days=7)
        ),
        "welcome": welcome(
            office, ("Robots and control", "guardrails", "climate policy"), _PRESENT
        ),
        "preferences": show_preferences(office, _PRESENT),
        "preferences-link": show_way_to_preferences(
            office, _PAGE.format("preferences"), _PRESENT, ends_at=_MORNING + timedelta(days=90)
        ),
        "changed": tell_changes(
            office, ("send.at: 07:30 → 08:00", "topics: + climate policy"), _PRESENT
        ),
        "refused-edit": refuse_edit(office, _PROBLEMS, _DOCUMENT),
        "not-understood": ask_what_was_meant(office, (_SLIP, Misunderstanding(5, "x", "x"))),
        "reply-to-do": ask_to_reply(office, (Command(CommandName.PAUSE, ("days", "14"), 1),)),
        "commands": explain_commands(office),
        "topics": list_topics(office, _TOPICS, {"climate": 12, "robotics": 1}),
        "why-nothing": explain_silence(office, date(2026, 11, 20), _SILENCE),
        "paused": tell_pause(office, date(2027, 1, 4), _PRESENT),
        "goodbye": say_goodbye(office, _PAGE.format("undo"), ends_at=later),
        "left-by-link": notice_leaving(office, _PAGE.format("undo"), ends_at=later),
        "less-by-link": notice_less(
            office,
            ("“Robots” is none of your topics any more.",),
            _PAGE.format("undo"),
            ends_at=later,
        ),
        "all-that-is-stored": hand_over_data(office, _STORED, _DOCUMENT),
        "erased": say_erased(office),
        "probe": probe(office),
    }


_SLIP: Final = Misunderstanding(2, "pauze 14d", 'there is no command "pauze"', "pause 14d")
_PROBLEMS: Final = (
    Problem(
        "", 6, 13, "send.timezone", '"Europe/Pariss" is no time zone', "did you mean Europe/Paris?"
    ),
    Problem("", 16, 12, "entries.at_most", "must be 1 to 50", "write a number"),
)
_SILENCE: Final = Silence(
    SilenceReason.NOTHING_MATCHED, "143 entries were new; none of them answers one of your topics."
)
_STORED: Final = (
    Listing((("reader@example.org", "since Tuesday, 3 November 2026"),), "Your address"),
    Listing(
        (
            ("2026-11-03 09:12 UTC", "asked for letters, by mail"),
            ("2026-11-03 09:14 UTC", "confirmed, by reply"),
        ),
        "What you agreed to",
    ),
    Listing(tuple((title, "20 November 2026") for title in _TITLES), "Entries sent to you"),
)
