"""The work of `newsletter retry` and `newsletter resolve`: what a person decides about a message."""

from collections.abc import Sequence
from typing import Final

import typer

from newsletter.bootstrap import open_newsroom, redress_and_retry
from newsletter.cli.records import delivery_record
from newsletter.cli.session import JsonValue, Session
from newsletter.errors import ExitCode
from newsletter.model import OutboxId
from newsletter.workflows import Resolution, resolve_by_hand, why_not_queued

_DONE: Final = {
    "sent": "counts as sent",
    "failed": "counts as failed; its entries may come in the next letter",
    "resend": "is sent again, byte for byte, by the next `newsletter send`",
}


def run_retry(session: Session, numbers: Sequence[int]) -> None:
    """Queue the named messages again, or all that failed; say which could be, and why others not.

    Exit code 65 when one that was named is not queued.
    """
    ids = [OutboxId(number) for number in dict.fromkeys(numbers)]
    with open_newsroom(session.config_path) as room:
        queued = redress_and_retry(room, ids)
        done = {item.id for item in queued}
        left = why_not_queued([one for one in ids if one not in done], room.outbox)
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
        now = room.clock.now()
        problem = resolve_by_hand(OutboxId(number), Resolution(resolution), room.outbox, now=now)
        item = next(iter(room.outbox.get([OutboxId(number)])), None)
    if session.wants_json:
        shown = delivery_record(item) if item and not problem else None
        session.write_json({"resolved": shown, "problem": problem})
    if problem:
        session.notice(f"{number}: {problem}")
        raise typer.Exit(ExitCode.DATA)
    recipient = item.recipient if item else "nobody"
    session.say(f"{number} to {recipient} {_DONE[resolution]}.")
