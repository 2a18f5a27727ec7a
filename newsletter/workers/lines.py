"""What a worker tells the process that started it: one JSON line for each try that ended."""

import json

from newsletter.model import EditionId, OutboxEvent, OutboxId
from newsletter.workflows import Delivered


def write_line(outcome: Delivered) -> str:
    """Return the line of one outcome, without its line end."""
    return json.dumps(
        {
            "item": outcome.item,
            "edition": outcome.edition,
            "event": outcome.event,
            "reply": outcome.reply,
        }
    )


def read_line(line: bytes) -> Delivered | None:
    """Return the outcome of one line; None for one that is none (a warning of a library, half a line)."""
    try:
        told = json.loads(line)
        return Delivered(
            item=OutboxId(int(told["item"])),
            edition=EditionId(told["edition"]) if told["edition"] else None,
            event=OutboxEvent(told["event"]) if told["event"] else None,
            reply=str(told["reply"]),
        )
    except (ValueError, TypeError, KeyError):
        return None
