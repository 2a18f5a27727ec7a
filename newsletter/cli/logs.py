"""Logs for operators: one line per event, as text or JSON, with ids and never a body or a token."""

import json
import logging
import sys
from datetime import UTC, datetime

from newsletter.cli.sparse_lines import SparseHandler
from newsletter.config import LogSettings


class _JsonLines(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up_logging(settings: LogSettings, *, is_verbose: bool, is_quiet: bool) -> None:
    """Send the program's logs to standard error in the form and from the level of `log:`."""
    handler = SparseHandler(sys.stderr)
    handler.setFormatter(
        _JsonLines()
        if settings.format == "json"
        else logging.Formatter("{asctime} {levelname:<7} {name}: {message}", style="{")
    )
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
