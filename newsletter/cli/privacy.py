"""The work of `suppressions …`, `purge`, `subscribers data` and `subscribers erase`."""

import typer

from newsletter.bootstrap import open_newsroom
from newsletter.cli.records import moment
from newsletter.cli.session import JsonValue, Session, read_moment
from newsletter.cli.tables import plain_table
from newsletter.errors import ExitCode, UnknownSubscriberError
from newsletter.model import AddressKey, Suppression
from newsletter.rules.addresses import address_key, is_suppression_key, parse_address
from newsletter.workflows import (
    erase_person,
    export_person,
    lift_suppression,
    purge,
    suppress_by_hand,
)


def run_list(session: Session) -> None:
    """Show all suppressions, the newest first."""
    with open_newsroom(session.config_path) as room:
        found = room.subscribers.suppressions()
    if session.wants_json:
        session.write_json({"suppressions": [_record(one) for one in found]})
        return
    rows = [
        (_shown(one.address), str(one.cause), f"{one.since_at:%Y-%m-%d %H:%M}", one.detail)
        for one in found
    ]
    headings = ("Address", "Cause", "Since (UTC)", "Detail")
    session.say(
        plain_table("Suppressed", headings, rows, headings[:1])
        if rows
        else "No address is suppressed."
    )


def run_add(session: Session, address: str, reason: str) -> None:
    """Suppress an address by hand."""
    with open_newsroom(session.config_path) as room:
        key = address_key(parse_address(address))
        suppression = suppress_by_hand(key, reason, room.privacy())
    session.say(f"{key} gets no mail any more.")
    if session.wants_json:
        session.write_json(_record(suppression))


def run_remove(session: Session, address: str) -> None:
    """Let an address be written to again."""
    with open_newsroom(session.config_path) as room:
        is_hash = is_suppression_key(address)
        key = AddressKey(address) if is_hash else address_key(parse_address(address))
        lifted = lift_suppression(key, room.privacy())
    if lifted is None:
        session.notice(f"{address}: is not suppressed; `newsletter suppressions list` shows all")
        raise typer.Exit(ExitCode.DATA)
    session.say(f"{key} is no longer suppressed (it was: {lifted.cause}).")
    if session.wants_json:
        session.write_json(_record(lifted))


def run_data(session: Session, address: str) -> None:
    """Write everything that is stored of an address, as one JSON document."""
    with open_newsroom(session.config_path) as room:
        key = address_key(parse_address(address))
        record = dict(export_person(key, room.privacy()))
    if not any(value for name, value in record.items() if name != "address"):
        raise _nothing_stored(address)
    session.write_json(record)


def run_erase(session: Session, address: str, *, is_certain: bool) -> None:
    """Erase an address, once somebody says that this is meant."""
    key = address_key(parse_address(address))
    if not is_certain:
        question = f"Erase everything that is stored of {key}? It cannot be brought back"
        typer.confirm(question, abort=True, err=True)
    with open_newsroom(session.config_path) as room:
        was_there = erase_person(key, room.privacy())
        kept = room.subscribers.suppression(key)
    if not was_there:
        raise _nothing_stored(address)
    session.say(f"{key} is erased. Backups that you made before still hold it.")
    if kept:
        session.say("It was suppressed and stays so; of the address itself a hash is left.")
    if session.wants_json:
        session.write_json({"address": key, "erased": True, "suppressed": kept is not None})


def run_purge(session: Session, now: str | None) -> None:
    """Forget what is over and old."""
    with open_newsroom(session.config_path, now=read_moment(now)) as room:
        done = purge(room.privacy())
    counts: dict[str, JsonValue] = {
        "expired": done.expired,
        "received": done.received,
        "replies": done.forgotten.replies,
        "tokens": done.forgotten.keys,
        "deliveries": done.forgotten.deliveries,
        "days": done.forgotten.days,
        "vectors": done.vectors,
        "enquiries": done.enquiries,
        "audit": done.forgotten.deeds,
    }
    if session.wants_json:
        session.write_json(counts)
        return
    headings = (
        *("Never confirmed", "Received", "Replies", "Tokens", "Deliveries", "Silent days"),
        "Vectors",
        *("Enquiries", "Audit lines"),
    )
    session.say(plain_table("Forgotten", headings, [[str(one) for one in counts.values()]]))


def _shown(address: AddressKey) -> str:
    return f"{address} (erased)" if is_suppression_key(address) else address


def _record(suppression: Suppression) -> JsonValue:
    return {
        "address": suppression.address,
        "cause": str(suppression.cause),
        "detail": suppression.detail,
        "since_at": moment(suppression.since_at),
    }


def _nothing_stored(address: str) -> UnknownSubscriberError:
    message = f"{address}: nothing is stored of this address"
    return UnknownSubscriberError(message)
