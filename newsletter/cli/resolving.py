"""The work of `newsletter retry` and `newsletter resolve`: what a person decides about a message."""

from collections.abc import Sequence
from typing import Final

import typer

from newsletter.bootstrap import Newsroom, open_newsroom, redress_and_retry
from newsletter.cli.records import delivery_record
from newsletter.cli.session import JsonValue, Session
from newsletter.errors import ExitCode
from newsletter.model import (
    OutboxEvent,
    OutboxId,
    OutboxItem,
    OutboxState,
    Settlement,
)

_EVENTS: Final = {
    "sent": OutboxEvent.ACCEPT,
    "failed": OutboxEvent.REJECT,
    "resend": OutboxEvent.RETRY,
}
_DONE: Final = {
    "sent": "counts as sent",
    "failed": "counts as failed; its entries may come in the next letter",
    "resend": "is sent again, byte for byte, by the next `newsletter send`",
}
_UNKNOWN: Final = "no message has this id; `newsletter deliveries` shows them"


def run_retry(session: Session, numbers: Sequence[int]) -> None:
    """Queue the named messages again, or all that failed; say which could be, and why others not.

    Exit code 65 when one that was named is not queued.
    """
    ids = [OutboxId(number) for number in dict.fromkeys(numbers)]
    with open_newsroom(session.config_path) as room:
        queued = redress_and_retry(room, ids)
        left = _reasons(room, [one for one in ids if one not in {item.id for item in queued}])
    session.say(f"{len(queued)} queued again: `newsletter send` tries them now.")
    for item in queued:
        session.say(f"  {item.id} to {item.recipient}")
    for number, reason in left.items():
        session.notice(f"{number}: {reason}")
    if session.wants_json:
        refused: list[JsonValue] = [
            {"id": number, "reason": reason} for number, reason in left.items()
        ]
        again = [delivery_record(item) for item in queued]
        session.write_json({"queued": again, "refused": refused})
    if left:
        raise typer.Exit(ExitCode.DATA)


def run_resolve(session: Session, number: int, resolution: str) -> None:
    """Write down what became of an uncertain message; exit code 65 for any other."""
    with open_newsroom(session.config_path) as room:
        problem = _resolve(room, OutboxId(number), resolution)
        item = next(iter(room.outbox.get([OutboxId(number)])), None)
    if session.wants_json:
        shown = delivery_record(item) if item and not problem else None
        session.write_json({"resolved": shown, "problem": problem})
    if problem:
        session.notice(f"{number}: {problem}")
        raise typer.Exit(ExitCode.DATA)
    recipient = item.recipient if item else "nobody"
    session.say(f"{number} to {recipient} {_DONE[resolution]}.")


def _resolve(room: Newsroom, id_: OutboxId, resolution: str) -> str | None:
    """Return why it cannot be done, None when it is done."""
    item = next(iter(room.outbox.get([id_])), None)
    if item is None:
        return _UNKNOWN
    if item.state is not OutboxState.UNCERTAIN:
        return f"is {item.state}; only an uncertain message is resolved by hand"
    end = Settlement(id_, _EVENTS[resolution], f"resolved by hand: {resolution}")
    room.outbox.record(ended=[end], now=room.clock.now())
    return None


def _reasons(room: Newsroom, ids: Sequence[OutboxId]) -> dict[OutboxId, str]:
    known = {item.id: _why_not(item) for item in room.outbox.get(ids)}
    return {one: known.get(one, _UNKNOWN) for one in ids}


def _why_not(item: OutboxItem) -> str:
    said = f" ({item.last_reply})" if item.last_reply else ""
    match item.state:
        case OutboxState.SENT:
            return "was sent"
        case OutboxState.CANCELLED:
            return f"was cancelled{said}"
        case OutboxState.CLAIMED | OutboxState.IN_DATA:
            return "is being sent just now"
        case _:
            return f"stays {item.state}{said}: the address is bad, or an entry went out elsewhere"
