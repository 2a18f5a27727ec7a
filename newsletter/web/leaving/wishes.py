"""The buttons beside "Unsubscribe", read as the commands that a mail would hold."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from newsletter.model import Command, CommandName

SHOW: Final = "show"
_WEEKS: Final = {"1": "7", "2": "14", "4": "28"}
_WEEKLY: Final = Command(CommandName.CADENCE, ("every", "week"))
_MOST_CHARACTERS: Final = 200


def read_wish(form: Mapping[str, str]) -> Command | None:
    """Return what a button of the page asks for; None for anything else."""
    match form.get("less"):
        case "pause":
            return _pause(form)
        case "topic":
            topic = form.get("topic", "")
            fits = 0 < len(topic) <= _MOST_CHARACTERS
            return Command(CommandName.DELETE, (topic,)) if fits else None
        case "weekly":
            return _WEEKLY
        case _:
            return None


def _pause(form: Mapping[str, str]) -> Command | None:
    days = _WEEKS.get(form.get("weeks", ""))
    if days:
        return Command(CommandName.PAUSE, ("days", days))
    try:
        until = date.fromisoformat(form.get("until", ""))
    except ValueError:
        return None
    return Command(CommandName.PAUSE, ("until", until.isoformat()))
