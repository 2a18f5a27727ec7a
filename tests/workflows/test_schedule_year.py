"""Hundreds of people in forty zones, over both switches of a year, through the real workflow.

What must arrive is worked out beside it, from the wall clocks alone. The clock goes to moments at which
somebody is due; most of these moments are missed, as by a program that looks rarely or stood still, and
some days altogether. `PEOPLE` and `LOOKS_A_DAY` may be made larger: 5,000 people with 60 looks a day are
a matter of half an hour.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import takewhile
from pathlib import Path
from random import Random

from newsletter.model import (
    Cadence,
    EmailAddress,
    Every,
    Preferences,
    Weekday,
    WhenEmpty,
)
from tests.rules.zone_pieces import Piece, first_showing, is_day_of, pieces_of
from tests.workflows.simulated_newsroom import TOPICS, WORDS, SimulatedNewsroom

PEOPLE = 300
LOOKS_A_DAY = 2
NEWS_OF_A_LOOK = 0.08
LAST_HOUR = timedelta(hours=1)
"""Of a period: what was not begun by then goes with the next slot."""
START = datetime(2026, 3, 5, 3, tzinfo=UTC)
WINDOWS = (
    (date(2026, 3, 6), date(2026, 3, 10)),  # the United States, Cuba
    (date(2026, 3, 21), date(2026, 3, 23)),  # Morocco, the end of Ramadan
    (date(2026, 3, 26), date(2026, 3, 31)),  # Europe, Israel, Greenland, Lebanon
    (date(2026, 4, 3), date(2026, 4, 6)),  # Australia, New Zealand, Chile
    (date(2026, 10, 2), date(2026, 10, 5)),  # Australia, Lord Howe
    (date(2026, 10, 23), date(2026, 10, 26)),  # Europe
    (date(2026, 10, 30), date(2026, 11, 3)),  # the United States, Egypt
)
LAST_LOOK = datetime(2026, 12, 12, tzinfo=UTC)
CITIES = {
    "Africa": "Cairo Casablanca El_Aaiun Johannesburg",
    "America": "Anchorage Asuncion Bogota Chicago Denver Havana Los_Angeles Mexico_City New_York",
    "America/Argentina": "Buenos_Aires",
    "Antarctica": "Troll",
    "Asia": "Beirut Gaza Jerusalem Kathmandu Kolkata Shanghai Tehran Tokyo",
    "Atlantic": "Azores",
    "Australia": "Adelaide Lord_Howe Sydney",
    "Europe": "Berlin Chisinau London Paris",
    "Pacific": "Apia Auckland Chatham Easter Kiritimati",
    "Etc": "UTC",
}
ZONES = [f"{area}/{city}" for area, cities in CITIES.items() for city in cities.split()]
ZONES += ["America/Nuuk", "America/Santiago", "America/St_Johns"]
RHYTHMS = (
    Cadence(Every.DAY),
    Cadence(Every.WEEKDAY),
    *(Cadence(Every.WEEK, days=frozenset({day})) for day in (Weekday.SAT, Weekday.SUN)),
    *(Cadence(Every.MONTH, month_day=day) for day in (1, 8, 29, 31)),
    Cadence(Every.DAYS, days=frozenset({Weekday.SUN, Weekday.WED})),
    Cadence(Every.DAYS, days=frozenset({Weekday.FRI, Weekday.SAT, Weekday.MON})),
)
TIMES = (time(0, 15), time(1, 30), time(2, 30), time(8), time(23, 59))


@dataclass
class Reader:
    """One person, and what the wall clocks say must happen to them."""

    preferences: Preferences
    due: list[tuple[datetime, date]]
    words: frozenset[str]
    waiting: set[int] = field(default_factory=set)
    received: list[int] = field(default_factory=list)
    letters: int = 0
    silences: int = 0

    def pass_to(self, now: datetime) -> tuple[date, bool] | None:
        """Return the day whose slot is due at `now`, and whether it brings a letter."""
        begun = list(takewhile(lambda slot: slot[0] <= now, self.due))
        coming = self.due[len(begun)][0] if len(begun) < len(self.due) else None
        if not begun or (coming and coming - now <= LAST_HOUR):
            return None
        del self.due[: len(begun)]
        wants_note = self.preferences.when_empty is WhenEmpty.NOTE
        is_letter = bool(self.waiting) or wants_note
        self.letters += is_letter
        self.silences += not is_letter
        return begun[-1][1], is_letter


@cache
def clocks_of(zone: str) -> list[Piece]:
    return pieces_of(zone, date(2026, 1, 1), date(2026, 12, 31))


def slots_of_the_year(cadence: Cadence) -> list[tuple[datetime, date]]:
    pieces = clocks_of(cadence.timezone)
    days = (date(2026, 3, 1) + timedelta(days=number) for number in range(300))
    moments = (
        (first_showing(day, cadence.at, pieces), day) for day in days if is_day_of(cadence, day)
    )
    return [slot for slot in moments if slot[0] > START]


def make_reader(number: int, dice: Random) -> Reader:
    rhythm = dice.choice(RHYTHMS)
    at, zone = dice.choice(TIMES), ZONES[number % len(ZONES)]
    cadence = Cadence(rhythm.every, at, zone, rhythm.days, rhythm.month_day)
    words = frozenset(dice.sample(WORDS, k=dice.choice([1, 1, 2])))
    preferences = Preferences(
        EmailAddress(f"reader{number}@example.org"),
        cadence=cadence,
        topics=tuple(TOPICS[word] for word in sorted(words)),
        at_most=3 if cadence.every is Every.DAY else 50,  # with ten titles more, nothing is cut
        when_empty=dice.choice(list(WhenEmpty)),
    )
    return Reader(preferences, slots_of_the_year(cadence), words)


def looks(readers: list[Reader], dice: Random) -> Iterator[datetime]:
    """Yield moments in the windows at which somebody is due; one day in ten is missed whole."""
    by_day: dict[date, set[datetime]] = defaultdict(set)
    for reader in readers:
        for moment, _ in reader.due:
            by_day[moment.date()].add(moment)
    for first, last in WINDOWS:
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            count = 0 if dice.random() < 0.1 else LOOKS_A_DAY
            yield from sorted(dice.sample(sorted(by_day[day]), k=min(count, len(by_day[day]))))
    yield LAST_LOOK
    yield LAST_LOOK + LAST_HOUR


def test_hundreds_of_people_in_forty_zones_get_one_letter_a_slot_and_each_entry_once(
    tmp_path: Path,
) -> None:
    dice = Random("both switches of 2026")  # noqa: S311 - a test's dice
    readers = {
        reader.preferences.email: reader
        for reader in (make_reader(number, dice) for number in range(PEOPLE))
    }
    room = SimulatedNewsroom(tmp_path / "news.db", START)
    room.subscribe([reader.preferences for reader in readers.values()])
    people = {person.address: person.id for person in room.subscribers.all()}
    for now in looks(list(readers.values()), dice):
        for word in WORDS:
            if now < LAST_LOOK and dice.random() < NEWS_OF_A_LOOK:  # the last news are read too
                number = room.wire.announce(word)
                for reader in readers.values():
                    reader.waiting |= {number} if word in reader.words else set()
        if dice.random() < 0.05:
            room.restart()
        planned = {
            plan.subscriber: (plan.slot.local_date, plan.edition is not None)
            for plan in room.tick(now).plans
        }
        expected = {email: due for email, reader in readers.items() if (due := reader.pass_to(now))}
        assert planned == {people[email]: due for email, due in expected.items()}, now
        arrivals = room.arrivals()
        assert sorted(one.address for one in arrivals) == sorted(
            email for email, (_, is_letter) in expected.items() if is_letter
        )
        for one in arrivals:
            reader = readers[EmailAddress(one.address)]
            assert set(one.numbers) == reader.waiting, (one.address, now)
            reader.received += one.numbers
            reader.waiting = set()
    room.close()
    for reader in readers.values():
        numbers = {
            number
            for number, entry in enumerate(room.wire.entries)
            if any(word in entry.content.title for word in reader.words)
        }
        assert sorted(reader.received) == sorted(numbers), reader.preferences
    assert sum(reader.letters for reader in readers.values()) > 5 * PEOPLE
    assert sum(reader.silences for reader in readers.values()) > PEOPLE / 10
