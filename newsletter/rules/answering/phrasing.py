"""A command that was understood, written as it is taught."""

from collections.abc import Mapping
from typing import Final

from newsletter.model import Command, CommandName

_RHYTHMS: Final[Mapping[str, str]] = {
    "day": "daily",
    "weekday": "weekdays",
    "week": "weekly",
    "month": "monthly",
}


def write_command(wish: Command) -> str:
    """Write a command so that reading it gives the same one: `pause until 2027-01-04`."""
    match wish.name:
        case CommandName.CADENCE:
            return _cadence(dict(zip(wish.arguments[::2], wish.arguments[1::2], strict=True)))
        case CommandName.PAUSE:
            kind, amount = wish.arguments
            return f"pause {amount}d" if kind == "days" else f"pause until {amount}"
        case _:
            return " ".join(filter(None, (wish.name, ", ".join(wish.arguments))))


def _cadence(said: Mapping[str, str]) -> str:
    every = _RHYTHMS.get(said.get("every", ""), "")
    clock = f"at {said['at']}" if "at" in said else ""
    return " ".join(filter(None, (every, said.get("day"), clock, said.get("timezone"))))
