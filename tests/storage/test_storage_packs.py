"""Editions that are planned together say once what they have in common."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from newsletter.errors import RecordError
from newsletter.model import (
    AddressKey,
    Edition,
    EditionId,
    Entry,
    EntryContent,
    EntryId,
    Match,
    ReleaseNo,
    RevisionId,
    SlotPlan,
    SourceName,
    SubscriberId,
    Topic,
)
from newsletter.ports import Deadlines
from newsletter.rules.short_matches import (
    BETWEEN,
    Register,
    ShortMatches,
    write_entry,
)
from newsletter.storage import Database, RecordArchive, SlotLedger, Subscribers
from newsletter.testing.plans import FIRST_SLOT_AT, make_match, make_plan, make_slot

Admit = Callable[[Database, Iterable[str]], None]


def make_entry(name: str) -> Entry:
    content = EntryContent(f"The title of {name}", upvotes=3)
    sources = (SourceName("arxiv"),)
    return Entry(
        EntryId(name), RevisionId(f"{name}/1"), content, sources, FIRST_SLOT_AT, ReleaseNo(1)
    )


SHARED = [make_match(name) for name in "abc"]


@pytest.fixture
def database(any_database: Database, admit: Admit) -> Database:
    admit(any_database, ("ada", "bob", "eve"))
    return any_database


@pytest.fixture
def ledger(database: Database) -> SlotLedger:
    return SlotLedger(database)


def plan_of(person: str, shown: Sequence[Match | str], *, day: int = 0) -> SlotPlan:
    return make_plan(person, shown, also=(f"only {person} 2",), slot=make_slot(day=day))


def planned(ledger: SlotLedger, *plans: SlotPlan) -> dict[EditionId, Edition]:
    return {plan.edition.id: plan.edition for plan in ledger.plan(plans) if plan.edition}


REGISTER = Register(
    [write_entry(entry, 1.0) for entry in map(make_entry, "abc")],
    {EntryId(name): place for place, name in enumerate("abc")},
)


def short_plan(person: str, shown: str, named: str = "", *, weight: float = 1.0) -> SlotPlan:
    """Return a plan with matches that are lines, found by a topic that this person alone has."""
    topics = (Topic(f"{person}'s", "Guardrails", about="Guardrails", weight=weight),)

    def matches(names: str) -> ShortMatches:
        lines = [
            f"{REGISTER.numbers[EntryId(name)]}{BETWEEN}0 500 g\tsecret {person}" for name in names
        ]
        return ShortMatches([EntryId(name) for name in names], lines, topics, REGISTER)

    plan = make_plan(person, ())
    assert plan.edition is not None
    edition = replace(plan.edition, matches=matches(shown), also_matched=matches(named))
    return replace(plan, edition=edition)


@pytest.mark.parametrize(("release", "written"), [(8, 1), (10, 1), (11, 2)])
def test_what_went_into_another_letter_meanwhile_is_not_sent_again(
    ledger: SlotLedger, release: int, written: int
) -> None:
    """The letter before looked up to release 10: whatever is above was in none."""

    def newer(plan: SlotPlan) -> SlotPlan:
        assert plan.edition is not None
        shown = plan.edition.matches
        assert isinstance(shown, ShortMatches)
        register = replace(REGISTER, lowest_release=ReleaseNo(release))
        matches = ShortMatches(shown.entries, shown.lines, shown.topics, register)
        return replace(plan, edition=replace(plan.edition, matches=matches))

    first = newer(short_plan("ada", "ab"))
    later = make_slot(day=1)
    assert first.edition is not None
    again = replace(first.edition, id=EditionId("another"), slot=later)
    second = replace(first, slot=later, edition=again)

    done = [*ledger.plan([first]), *ledger.plan([second])]

    assert done == [first, second][:written]


def asked(database: Database, query: str) -> list[Any]:
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_what_one_alone_has_stays_with_that_edition(database: Database, ledger: SlotLedger) -> None:
    editions = planned(
        ledger, plan_of("ada", [SHARED[0], "only ada 1", SHARED[1]]), plan_of("bob", SHARED)
    )

    assert ledger.editions(editions) == editions
    ((pack,),) = asked(database, "SELECT matches FROM packs")
    owns = asked(database, "SELECT own FROM editions WHERE subscriber = 'ada'")
    assert pack.count('"entry"') == 2
    assert "only" not in pack
    assert owns[0][0].count("only ada") == owns[0][0].count('"entry":"only ada') * 2


def test_an_edition_alone_is_written_out(database: Database, ledger: SlotLedger) -> None:
    editions = planned(ledger, plan_of("ada", SHARED))

    assert ledger.editions(editions) == editions
    assert asked(database, "SELECT pack, own FROM editions") == [(None, None)]
    assert asked(database, "SELECT id FROM packs") == []


def test_editions_of_many_packs_are_read_together(ledger: SlotLedger) -> None:
    editions: dict[EditionId, Edition] = {}
    for day in range(12):
        shown = [make_match(f"{day}-{name}") for name in "abc"]
        editions |= planned(
            ledger, *(plan_of(name, shown, day=day) for name in ("ada", "bob", "eve"))
        )

    assert ledger.editions(reversed(editions)) == editions


def test_with_another_dressing_an_edition_says_the_same(ledger: SlotLedger) -> None:
    editions = planned(ledger, plan_of("ada", SHARED), plan_of("bob", SHARED))
    first = next(iter(editions))

    ledger.redress([first], RevisionId("d1"))

    read = SlotLedger.editions(ledger, editions)
    assert read == editions | {first: replace(editions[first], dressing=RevisionId("d1"))}


def test_a_pack_goes_with_the_last_edition_that_needs_it(
    database: Database, ledger: SlotLedger
) -> None:
    people = Subscribers(database)
    editions = planned(ledger, plan_of("ada", SHARED), plan_of("bob", SHARED))

    people.forget(AddressKey("ada@example.org"))
    (kept,) = ledger.editions(editions).values()
    people.forget(AddressKey("bob@example.org"))

    assert kept.reader.subscriber == SubscriberId("bob")
    assert asked(database, "SELECT id FROM packs") == []


def test_packs_are_purged_with_their_letters(database: Database, ledger: SlotLedger) -> None:
    planned(ledger, plan_of("ada", SHARED), plan_of("bob", SHARED))
    later = FIRST_SLOT_AT + timedelta(days=400)
    with database.writing() as connection:
        connection.execute(text("UPDATE outbox SET state = 'sent'"))

    RecordArchive(database).purge(Deadlines(*[later] * len(Deadlines.__dataclass_fields__)))

    assert asked(database, "SELECT id FROM packs") == []
    assert ledger.standings([SubscriberId("ada")])[SubscriberId("ada")].appeared == {"a", "b", "c"}


@pytest.mark.parametrize("damage", ["DELETE FROM packs", "UPDATE packs SET matches = ''"])
def test_a_damaged_pack_is_said(database: Database, ledger: SlotLedger, damage: str) -> None:
    editions = planned(ledger, plan_of("ada", SHARED), plan_of("bob", SHARED))
    with database.writing() as connection:
        connection.execute(text(damage))

    with pytest.raises(RecordError, match="the database is damaged"):
        ledger.editions(editions)


def test_short_matches_are_read_as_they_were_decided(ledger: SlotLedger) -> None:
    plans = [
        short_plan("ada", "ab", "c"),
        plan_of("bob", [SHARED[0], "only bob 1"]),
        short_plan("eve", "b", weight=0.5),
    ]

    editions = planned(ledger, *plans)

    read = ledger.editions(editions)
    assert read == editions
    ada = read[EditionId(f"ada.{make_slot()}")]
    assert [one.topics for one in ada.matches] == [("ada's",), ("ada's",)]
    assert ledger.standings([SubscriberId("ada")])[SubscriberId("ada")].appeared == {"a", "b"}
    assert ledger.standings([SubscriberId("ada")])[SubscriberId("ada")].named == {"c"}


def test_nothing_of_a_person_stands_in_what_short_matches_share(
    database: Database, ledger: SlotLedger
) -> None:
    planned(ledger, short_plan("ada", "a"), short_plan("eve", "c"))

    ((pack,),) = asked(database, "SELECT matches FROM packs")
    Subscribers(database).forget(AddressKey("ada@example.org"))

    assert [bool(line) for line in pack.split("\n")] == [True, False, True]
    assert "secret" not in pack
    assert "'s" not in pack
    assert [row[0] for row in asked(database, "SELECT subscriber FROM editions")] == ["eve"]


def test_short_matches_survive_another_dressing(ledger: SlotLedger) -> None:
    editions = planned(ledger, short_plan("ada", "ab"), short_plan("eve", "b"))
    first = next(iter(editions))

    ledger.redress([first], RevisionId("d1"))

    changed = {first: replace(editions[first], dressing=RevisionId("d1"))}
    assert ledger.editions(editions) == editions | changed


@pytest.mark.parametrize("own", ["", "9\x1e0 1 g", "0\x1e4 1 g", "what"])
def test_a_damaged_line_is_told(database: Database, ledger: SlotLedger, own: str) -> None:
    editions = planned(ledger, short_plan("ada", "ab"))
    with database.writing() as connection:
        connection.execute(text("UPDATE editions SET own = :own"), {"own": own})

    with pytest.raises(RecordError, match="damaged"):
        ledger.editions(editions)
