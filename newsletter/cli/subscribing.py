"""The work of `newsletter subscribers …`: who gets letters, and on whose word."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typer

from newsletter.bootstrap import (
    Newsroom,
    add_document,
    document_of,
    open_newsroom,
    take_in,
    write_files,
    write_out,
)
from newsletter.cli.records import moment, problem_record
from newsletter.cli.session import JsonValue, Session, read_moment
from newsletter.cli.tables import plain_table
from newsletter.errors import ExitCode
from newsletter.model import OutboxState, Slot, Subscriber
from newsletter.rules.addresses import address_key
from newsletter.rules.planning import coming_slots
from newsletter.workflows import Removals, adopt_documents, find_subscriber, unsubscribe, vouch

_LINE_ENDS: Final = ("\n", "\r")


def run_list(session: Session) -> None:
    """Show every subscriber."""
    with open_newsroom(session.config_path) as room:
        problems = adopt_documents(room.subscribing()).problems
        people = list(room.subscribers.all())
        records = list(zip(people, _next(people, room), strict=True))
    for problem in problems:
        session.notice(str(problem))
    if session.wants_json:
        session.write_json({"subscribers": [_record(person, slots) for person, slots in records]})
        return
    rows = [
        (
            person.address,
            _state(person),
            ", ".join(_topics(person)) or "(the default topics)",
            f"{slots[0].begins_at:%a %Y-%m-%d %H:%M} UTC" if slots else "",
        )
        for person, slots in records
    ]
    session.say(plain_table("Subscribers", ("Address", "State", "Topics", "Next letter"), rows))


def run_show(session: Session, address: str) -> None:
    """Show one subscriber."""
    with open_newsroom(session.config_path) as room:
        adopt_documents(room.subscribing())
        person = find_subscriber(address, room.subscribers)
        consents = room.subscribers.consents(address_key(person.address))
        slots = room.ledger.slots(person.id, limit=5)
        text = document_of(person)
        (upcoming,) = _next([person], room)
    if session.wants_json:
        session.write_json(
            {
                "subscriber": _record(person, upcoming),
                "preferences": text,
                "consents": [
                    {
                        "event": str(one.event),
                        "at": moment(one.at),
                        "statement": one.statement,
                        "evidence": one.evidence,
                    }
                    for one in consents
                ],
            }
        )
        return
    session.say(f"{person.address}: {_state(person)}\n\n{text}")
    rows = [(f"{one.at:%Y-%m-%d %H:%M}", str(one.event), one.statement) for one in consents]
    session.say(plain_table("Consent", ("When (UTC)", "Event", "Statement"), rows))
    past = [
        (str(one.slot), one.silence.detail if one.silence else "a letter was planned")
        for one in slots
    ]
    session.say(plain_table("Last slots", ("Slot", "What"), past))


def run_add(session: Session, address: str, consent: str | None, name: str | None) -> None:
    """Write a document for an address; vouch for it where `consent` says why."""
    with open_newsroom(session.config_path) as room:
        document = add_document(room, address, name)
        if consent:
            vouch([document], room.subscribing(), statement=consent)
        else:
            adopt_documents(room.subscribing())
        person = find_subscriber(address, room.subscribers)
    file = document.place.rpartition(":")[0]
    session.say(f"Written to {file}; {_state(person)}.")
    if session.wants_json:
        session.write_json({"address": person.address, "file": file, "state": person.state})


def run_remove(session: Session, address: str, reason: str) -> None:
    """End a subscription; the consent log keeps `reason`."""
    with open_newsroom(session.config_path) as room:
        person = find_subscriber(address, room.subscribers)
        before = _cancelled(person, room)
        unsubscribe(
            person.id,
            room.subscribing(),
            statement=reason,
            evidence="by the operator, on the command line",
        )
        cancelled = _cancelled(person, room) - before
    session.say(f"{person.address} is unsubscribed; {cancelled} waiting letters were cancelled.")
    if session.wants_json:
        session.write_json({"address": person.address, "cancelled": cancelled})


def run_import(session: Session, paths: Sequence[Path], consent: str, now: str | None) -> None:
    """Take documents in and vouch for their people."""
    with open_newsroom(session.config_path, now=read_moment(now)) as room:
        taken = take_in(room, paths)
        done = vouch(taken.documents, room.subscribing(), statement=consent)
    for problem in taken.problems:
        session.notice(str(problem))
    session.say(
        f"{len(done.confirmed)} confirmed now, {len(done.known)} were already, "
        f"{len(done.refused)} refused because they unsubscribed."
    )
    for address in done.refused:
        session.notice(f"{address}: unsubscribed before; only this person can come back.")
    if session.wants_json:
        session.write_json(
            {
                "confirmed": list(done.confirmed),
                "known": list(done.known),
                "refused": list(done.refused),
                "problems": [problem_record(problem) for problem in taken.problems],
            }
        )
    if taken.problems:
        raise typer.Exit(ExitCode.DATA)


def run_export(session: Session, output: Path | None) -> None:
    """Write all documents in force, as their people wrote them: one file, or one for each person."""
    with open_newsroom(session.config_path) as room:
        adopt_documents(room.subscribing())
        texts, reading = write_out(room)
    whole = "---\n".join(
        text if text.endswith(_LINE_ENDS) else f"{text}\n" for text in texts.values()
    )
    if output and output.is_dir():
        write_files(texts, output)
    elif output:
        output.write_bytes(whole.encode())
    else:
        typer.echo(whole.encode(), nl=False)
    for problem in reading.problems:
        session.notice(str(problem))
    if output:
        session.notice(f"{len(texts)} documents written to {output}.")
    if reading.problems:
        session.notice("Of broken documents the last good content was written.")
        raise typer.Exit(ExitCode.DATA)


def run_accept_removals(session: Session) -> None:
    """Believe that documents which are gone were deleted, however many they are."""
    with open_newsroom(session.config_path) as room:
        done = adopt_documents(room.subscribing(), Removals.ACCEPT)
    for problem in done.problems:
        session.notice(str(problem))
    session.say(
        f"{len(done.gone)} people get no letters until they have a document again; "
        "their consent stays."
    )
    if session.wants_json:
        session.write_json({"gone": list(done.gone), "kept": list(done.kept)})
    if done.kept:
        raise typer.Exit(ExitCode.DATA)


def _next(people: Sequence[Subscriber], room: Newsroom) -> list[tuple[Slot, ...]]:
    """Return the next three slots of each, none for who gets no letters."""
    now = room.clock.now()
    standings = room.ledger.marks([person.id for person in people])
    return [coming_slots(one, standings[one.id], now=now, count=3) for one in people]


def _cancelled(person: Subscriber, room: Newsroom) -> int:
    states = frozenset({OutboxState.CANCELLED})
    return len(room.outbox.find(states=states, subscriber=person.id, limit=None))


def _topics(person: Subscriber) -> list[str]:
    return [topic.title for topic in person.preferences.topics] if person.preferences else []


def _state(person: Subscriber) -> str:
    return f"{person.state}, suppressed" if person.suppression else str(person.state)


def _record(person: Subscriber, slots: tuple[Slot, ...]) -> JsonValue:
    until = person.preferences.pause_until if person.preferences else None
    return {
        "address": person.address,
        "state": person.state,
        "suppressed": person.suppression is not None,
        "paused_until": until.isoformat() if until else None,
        "next_slots": [moment(slot.begins_at) for slot in slots],
        "topics": list(_topics(person)),
    }
