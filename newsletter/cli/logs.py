"""Logs for operators: one line per event, as text or JSON, with ids and never a body or a token."""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from newsletter.cli.sparse_lines import SparseHandler
from newsletter.config import LogSettings
from newsletter.workers import log_fields

_NO_FIELDS: Final[Mapping[str, str]] = MappingProxyType({})
_LONGEST_EXTRA: Final = 200
_OF_EACH: Final = frozenset(
    {*vars(logging.makeLogRecord({})), "message", "asctime", "fields", "taskName", "color_message"}
)
"""What every line has; what else it has was said with it."""


class _Fields(logging.Filter):
    """Gives each line the fields of the process, and of what is being worked on where it is logged."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__()
        self._fields = fields

    def filter(self, record: logging.LogRecord) -> bool:
        record.fields = {**self._fields, **log_fields()}
        return True


class _JsonLines(logging.Formatter):
    """One JSON object per line: its own keys, then fields, then short values that were said with it."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        # Its own keys come first, and nobody else sets them.
        whole = {**line, **_said_with(record), **_fields_of(record), **line}
        return json.dumps(whole, ensure_ascii=False)


class _TextLines(logging.Formatter):
    """One line of text: when, how grave, who, which fields, what."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname:<7} {name}: {about}{message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        record.about = "".join(f"{name}={value} " for name, value in _fields_of(record).items())
        return super().format(record)


def set_up_logging(
    settings: LogSettings,
    *,
    is_verbose: bool,
    is_quiet: bool,
    fields: Mapping[str, str] = _NO_FIELDS,
) -> None:
    """Send the program's logs to standard error in the form and from the level of `log:`.

    Each line of this process has the `fields`.
    """
    handler = SparseHandler(sys.stderr)
    handler.addFilter(_Fields(fields))
    handler.setFormatter(_JsonLines() if settings.format == "json" else _TextLines())
    level = logging.getLevelNamesMapping()[str(settings.level).upper()]
    if is_verbose:
        level = logging.DEBUG
    if is_quiet:
        level = logging.ERROR
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("newsletter").setLevel(level)
    # A paced delivery lasts for hours; that its next round is passed over meanwhile is no news.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # A database that is away is told once by who waits for it, not at each try to connect.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


def _fields_of(record: logging.LogRecord) -> Mapping[str, str]:
    fields: Mapping[str, str] = getattr(record, "fields", _NO_FIELDS)
    return fields


def _said_with(record: logging.LogRecord) -> Mapping[str, object]:
    """Return what came as `extra`; of libraries too, so what is long or has parts is left out."""
    return {
        name: value
        for name, value in vars(record).items()
        if name not in _OF_EACH
        and isinstance(value, str | int | float | bool)
        and len(str(value)) <= _LONGEST_EXTRA
    }
