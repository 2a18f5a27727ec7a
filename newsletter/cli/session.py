"""What every command shares: where the config is, how to speak, and the way errors end."""

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

GLOBAL_FLAGS: Final = {"--json", "--quiet", "-q", "--verbose", "-v"}
GLOBAL_OPTIONS: Final = {"--config"}

_FIRST_YEAR: Final = 1990
_LAST_YEAR: Final = 2200

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]


@dataclass(frozen=True, slots=True)
class Session:
    """One call of the command line. Tables go to `out`, progress and notices to `err`."""

    config_path: Path
    wants_json: bool = False
    is_quiet: bool = False
    is_verbose: bool = False
    out: Console = field(default_factory=lambda: Console(highlight=False, soft_wrap=False))
    err: Console = field(default_factory=lambda: Console(stderr=True, highlight=False))

    def say(self, *parts: object) -> None:
        """Print for a person; nothing under --json or --quiet."""
        if not (self.wants_json or self.is_quiet):
            is_text = all(isinstance(part, str) for part in parts)
            self.out.print(*parts, markup=False, soft_wrap=is_text)

    def notice(self, text: str) -> None:
        """Print a remark to standard error, unless quiet."""
        if not self.is_quiet:
            self.err.print(text, markup=False, soft_wrap=True)

    def write_json(self, value: JsonValue) -> None:
        """Print one JSON document to standard output."""
        typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def find_config(given: Path | None) -> Path:
    """Return the config file: `--config`, else NEWSLETTER_CONFIG, else ./config.yaml."""
    return given or Path(os.environ.get("NEWSLETTER_CONFIG") or "config.yaml")


def hoist(arguments: list[str]) -> list[str]:
    """Move global options to the front, so that they may stand anywhere before `--`."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for word in waiting:
        if word == "--":
            return [*front, *rest, word, *waiting]
        if word in GLOBAL_FLAGS or (word.split("=", 1)[0] in GLOBAL_OPTIONS and "=" in word):
            front.append(word)
        elif word in GLOBAL_OPTIONS:
            front += [word, *[value for value in [next(waiting, None)] if value is not None]]
        else:
            rest.append(word)
    return [*front, *rest]


def read_moment(text: str | None, zone: str = "UTC") -> datetime | None:
    """Read `--now`: ISO 8601, local to `zone` where it names no offset; None stays None.

    Raises typer.BadParameter with an example for anything else.
    """
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        example = 'write e.g. "2026-11-23T08:00+01:00" or "2026-11-23T07:00Z"'
        raise typer.BadParameter(f"{text!r} is no moment; {example}") from error
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise typer.BadParameter(f"{text!r} is not between {_FIRST_YEAR} and {_LAST_YEAR}")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return moment.astimezone(UTC)
