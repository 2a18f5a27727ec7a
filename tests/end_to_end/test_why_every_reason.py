"""Silence is explained: every reason of the closed list, provoked, and what `why` and `status` say."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from newsletter.bootstrap import open_newsroom
from newsletter.model import (
    SilenceReason,
    SourceName,
    SourceReport,
    SourceState,
    Suppression,
    SuppressionCause,
)
from newsletter.rules.addresses import address_key, parse_address
from newsletter.rules.planning import NEXT_STEPS
from tests.end_to_end.daily_reader import DAILY, SATURDAY_AT_EIGHT, announce, one_daily_reader
from tests.end_to_end.house import House

DORA = "dora@example.org"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BEGUN_BEFORE = (
    "The slot of that day had begun already when the schedule came into force, on "
    "2026-11-20 at 12:00 UTC."
)
SUNDAY_AT_EIGHT = SATURDAY_AT_EIGHT + DAY


def send(house: House, at: datetime, *more: str) -> int:
    return house.run("send", "--now", at.isoformat(), *more).code


def why(house: House, at: datetime, on: date | None = None) -> dict[str, str]:
    words = ["why", DORA, "--now", at.isoformat(), "--json"]
    answer: dict[str, str] = house.run(*words, *(["--date", str(on)] if on else [])).json
    return answer


def port_of(house: House) -> str:
    return (house.folder / "config.yaml").read_text().split("port: ")[1].split(",")[0]


def database_of(house: House) -> sqlite3.Connection:
    return sqlite3.connect(house.folder / "data" / "newsletter.db")


def nothing_new(house: House) -> None:
    send(house, SATURDAY_AT_EIGHT)
    send(house, SUNDAY_AT_EIGHT)


def nothing_matched(house: House) -> None:
    send(house, SATURDAY_AT_EIGHT)
    announce(house, SATURDAY_AT_EIGHT + HOUR, "A whale that dives", "A crab that waits")
    send(house, SUNDAY_AT_EIGHT)


def all_muted(house: House) -> None:
    house.subscribe(DORA, DAILY + "mute: [walks]\n")
    send(house, SUNDAY_AT_EIGHT)


def already_sent(house: House) -> None:
    house.subscribe(DORA, DAILY.replace("every: day", "every: week, day: sun"))
    send(house, SATURDAY_AT_EIGHT, "--ignore-schedule")
    send(house, SUNDAY_AT_EIGHT)


def paused(house: House) -> None:
    house.subscribe(DORA, DAILY + "pause_until: 2026-12-24\n")
    send(house, SUNDAY_AT_EIGHT)


def between_two_slots(house: House) -> None:
    weekly = DAILY.replace("every: day", "every: week, day: sat")
    house.subscribe(DORA, weekly)
    send(house, SATURDAY_AT_EIGHT)


def suppressed(house: House) -> None:
    with open_newsroom(house.folder / "config.yaml") as room:
        address = address_key(parse_address(DORA))
        at = SATURDAY_AT_EIGHT
        room.subscribers.suppress(
            Suppression(address, SuppressionCause.BOUNCE, "550 5.1.1 no such mailbox", at)
        )
    send(house, SUNDAY_AT_EIGHT)


def unconfirmed(house: House) -> None:
    with closing(database_of(house)) as database:
        database.execute("DELETE FROM consents")
        database.execute("DELETE FROM subscribers")
        database.commit()
    send(house, SUNDAY_AT_EIGHT)


def unsubscribed(house: House) -> None:
    house.run("subscribers", "remove", DORA)
    send(house, SUNDAY_AT_EIGHT)


def no_document(house: House) -> None:
    (house.folder / "subscribers" / f"{DORA}.yaml").unlink()
    send(house, SUNDAY_AT_EIGHT)


def source_stale(house: House) -> None:
    send(house, SATURDAY_AT_EIGHT)
    with open_newsroom(house.folder / "config.yaml") as room:
        report = SourceReport(SourceName("samples"), "file", SourceState.STALE)
        room.log.record(report)
    send(house, SUNDAY_AT_EIGHT)


def source_failed(house: House) -> None:
    send(house, SATURDAY_AT_EIGHT)
    (house.folder / "entries.jsonl").unlink()
    house.run("collect", "--now", SUNDAY_AT_EIGHT.isoformat())
    send(house, SUNDAY_AT_EIGHT)


def relay_away(house: House) -> None:
    house.edit_config(f"port: {port_of(house)}", "port: 1")
    assert send(house, SUNDAY_AT_EIGHT) == 75


def disk_full(house: House) -> None:
    with closing(database_of(house)) as database:
        database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON slots "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
        database.commit()
    refused = house.run("send", "--now", SUNDAY_AT_EIGHT.isoformat())
    assert refused.code == 75
    assert "database or disk is full; make room on the disk" in refused.err


def nobody_ran(house: House) -> None:
    send(house, SATURDAY_AT_EIGHT)
    announce(house, SATURDAY_AT_EIGHT + HOUR, "A robot that swims")
    send(house, SUNDAY_AT_EIGHT + DAY)


@dataclass(frozen=True)
class Case:
    """What happens, what `why` answers an hour after the slot of Sunday, and for which day."""

    happens: Callable[[House], None]
    reason: SilenceReason
    sentence: str
    on: date | None = None
    status_counts: bool = True


CASES = [
    Case(nothing_new, SilenceReason.NOTHING_NEW, "No new entry has come."),
    Case(
        nothing_matched,
        SilenceReason.NOTHING_MATCHED,
        "2 entries are new: none of them matches your topics and names.",
    ),
    Case(
        all_muted,
        SilenceReason.ALL_MUTED,
        "1 entry is new: 1 matched but was muted by your preferences.",
    ),
    Case(
        already_sent,
        SilenceReason.ALREADY_SENT,
        "Nothing is new since the letter that was sent by hand on 2026-11-21.",
    ),
    Case(paused, SilenceReason.PAUSED, "Paused until 2026-12-24."),
    Case(
        between_two_slots,
        SilenceReason.NOT_DUE,
        "The next letter is due on Saturday 2026-11-28 at 08:00 (Europe/Paris).",
        status_counts=False,
    ),
    Case(
        suppressed,
        SilenceReason.SUPPRESSED,
        "The address is not mailed since 2026-11-21 (bounce: 550 5.1.1 no such mailbox).",
    ),
    Case(
        unconfirmed,
        SilenceReason.UNCONFIRMED,
        "The subscription is not confirmed yet: it waits since 2026-11-22.",
    ),
    Case(
        unsubscribed,
        SilenceReason.UNSUBSCRIBED,
        "Unsubscribed since ",
    ),
    Case(
        no_document,
        SilenceReason.NO_DOCUMENT,
        "There is no preferences document for this address.",
    ),
    Case(source_stale, SilenceReason.SOURCE_STALE, "These sources repeat an old list: samples."),
    Case(
        source_failed,
        SilenceReason.SOURCE_FAILED,
        "Nothing new came, and these sources could not be read: samples.",
    ),
    Case(
        relay_away,
        SilenceReason.TROUBLE,
        "The letter waits to be handed over after 1 try; the last answer was: ",
    ),
    Case(
        disk_full,
        SilenceReason.TROUBLE,
        "A letter is due since Sunday 2026-11-22 at 08:00 (Europe/Paris) and not planned yet: it "
        "goes with the next `newsletter send`, or at once under `newsletter serve`.",
    ),
    Case(
        nobody_ran,
        SilenceReason.TROUBLE,
        "The slot of Sunday 2026-11-22 at 08:00 (Europe/Paris) was not planned: the program did "
        "not run, or could not write its database. What was new went with the slot of 2026-11-23.",
        on=SUNDAY_AT_EIGHT.date(),
        status_counts=False,
    ),
]


def test_the_table_provokes_every_reason_of_the_closed_list() -> None:
    assert {case.reason for case in CASES} == set(SilenceReason)
    assert NEXT_STEPS.keys() == set(SilenceReason)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.happens.__name__)
def test_why_and_status_name_the_reason_and_what_to_do(house: House, case: Case) -> None:
    one_daily_reader(house)
    case.happens(house)
    later = SUNDAY_AT_EIGHT + HOUR + (2 * DAY if case.on else timedelta(0))
    answer = why(house, later, case.on)
    assert answer["reason"] == case.reason
    assert answer["detail"].startswith(case.sentence)
    assert answer["next_step"] == NEXT_STEPS[case.reason].replace("ADDRESS", DORA)
    shown = house.run("why", DORA, "--now", later.isoformat(), "--date", answer["date"])
    assert answer["detail"] in shown.out
    assert answer["next_step"] in shown.out
    if case.status_counts:
        status = house.run("status", "--now", later.isoformat(), "--json").json
        assert status["silences"] == {str(case.reason): 1}


def test_a_note_says_why_it_holds_nothing_and_so_does_why(house: House) -> None:
    one_daily_reader(house)
    house.subscribe(DORA, DAILY + "when_empty: note\n")
    nothing_new(house)
    assert b"No new entry has come." in house.deliveries()[-1].octets
    answer = why(house, SUNDAY_AT_EIGHT + HOUR)
    assert answer["reason"] == SilenceReason.NOTHING_NEW
    assert "A note of 2026-11-22 says so." in answer["detail"]


def test_a_day_with_a_letter_has_no_reason(house: House) -> None:
    one_daily_reader(house)
    send(house, SATURDAY_AT_EIGHT)
    answer = why(house, SUNDAY_AT_EIGHT - HOUR, SATURDAY_AT_EIGHT.date())
    assert answer["reason"] is None
    assert answer["detail"].startswith("A letter was handed over at 2026-11-21 07:00 UTC")


@pytest.mark.parametrize(
    ("on", "reason", "sentence"),
    [
        (
            date(2026, 11, 1),
            SilenceReason.UNCONFIRMED,
            "Nobody had subscribed with this address then: it is known since 2026-11-20.",
        ),
        (
            date(2026, 11, 20),
            SilenceReason.NOT_DUE,
            BEGUN_BEFORE,
        ),
        (
            date(2027, 3, 28),
            SilenceReason.NOT_DUE,
            "That day lies ahead: a letter is due on Sunday 2027-03-28 at 08:00 (Europe/Paris).",
        ),
    ],
)
def test_why_knows_days_before_the_subscription_and_days_to_come(
    house: House, on: date, reason: SilenceReason, sentence: str
) -> None:
    one_daily_reader(house)
    send(house, SATURDAY_AT_EIGHT)
    answer = why(house, SUNDAY_AT_EIGHT - HOUR, on)
    assert answer["reason"] == reason
    assert answer["detail"] == sentence


def test_a_document_that_came_back_was_missing_on_the_day_it_was_missing(house: House) -> None:
    one_daily_reader(house)
    path = house.folder / "subscribers" / f"{DORA}.yaml"
    text = path.read_text()
    path.unlink()
    send(house, SATURDAY_AT_EIGHT)
    path.write_text(text)
    send(house, SUNDAY_AT_EIGHT)
    assert why(house, SUNDAY_AT_EIGHT + HOUR)["reason"] is None
    before = why(house, SUNDAY_AT_EIGHT + HOUR, SATURDAY_AT_EIGHT.date())
    assert before["reason"] == SilenceReason.NO_DOCUMENT


def test_a_changed_schedule_is_not_held_against_the_days_before(house: House) -> None:
    one_daily_reader(house)
    send(house, SATURDAY_AT_EIGHT)
    house.subscribe(DORA, DAILY.replace("every: day", "every: week, day: wed"))
    wednesday = SATURDAY_AT_EIGHT + 4 * DAY
    send(house, SATURDAY_AT_EIGHT + 3 * DAY)
    send(house, wednesday)
    then = why(house, wednesday + DAY, SUNDAY_AT_EIGHT.date())
    assert then["reason"] == SilenceReason.NOT_DUE
    assert "it changed on 2026-11-24" in then["detail"]
    today = why(house, wednesday + DAY)
    assert today["reason"] == SilenceReason.NOT_DUE


def test_status_lists_what_needs_a_look_and_what_to_do(house: House) -> None:
    one_daily_reader(house)
    relay_away(house)
    (house.folder / "entries.jsonl").unlink()
    house.run("collect", "--now", SUNDAY_AT_EIGHT.isoformat())
    status = house.run("status", "--now", (SUNDAY_AT_EIGHT + HOUR).isoformat(), "--json").json
    source, relay = status["alarms"]
    assert source.startswith("source samples failed: ")
    assert relay.startswith("1 letter waits for the relay, which said: ")
    assert relay.endswith("`newsletter retry` tries at once")
    shown = house.run("status", "--now", (SUNDAY_AT_EIGHT + HOUR).isoformat()).out
    assert "Alarms" in shown
    assert "Silences of 24 hours" in shown


def test_status_knows_when_nothing_runs_and_when_the_clock_is_wrong(house: House) -> None:
    one_daily_reader(house)
    overdue = house.run("status", "--now", (SUNDAY_AT_EIGHT + HOUR).isoformat(), "--json").json
    (alarm,) = overdue["alarms"]
    assert alarm.startswith("1 letter is due since 2026-11-22 07:00 UTC and not planned yet")
    send(house, SUNDAY_AT_EIGHT + 3650 * DAY)
    wrong = house.run("status", "--now", (SUNDAY_AT_EIGHT + HOUR).isoformat(), "--json").json
    (alarm,) = wrong["alarms"]
    assert alarm.startswith("the clock shows 2026-11-22 08:00 UTC, but letters of 2036-11-1")
