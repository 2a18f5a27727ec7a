"""What a worker tells the process that started it: a JSON line for each try that ended, or batch planned."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from newsletter.model import EditionId, OutboxEvent, OutboxId
from newsletter.workflows import Delivered, Published


class PlansMade(NamedTuple):
    """How many were looked at in a batch, and what they get."""

    people: int
    letters: int
    silences: Mapping[str, int]
    """How many get nothing, by the reason."""

    @classmethod
    def of(cls, batch: Published) -> "PlansMade":
        """Return it of a batch."""
        letters = sum(plan.edition is not None for plan in batch.plans)
        silences = Counter(str(silence.reason) for _, silence in batch.silences)
        return cls(letters + len(batch.silences), letters, silences)


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


def write_plans_line(made: PlansMade) -> str:
    """Return the line of one batch, without its line end."""
    return json.dumps(made._asdict())


def read_plans_line(line: bytes) -> PlansMade | None:
    """Return the batch of one line; None for one that is none."""
    try:
        told = json.loads(line)
        silences = {str(reason): int(count) for reason, count in told["silences"].items()}
        return PlansMade(int(told["people"]), int(told["letters"]), silences)
    except (AttributeError, ValueError, TypeError, KeyError):
        return None
