"""Processes that work for a newsletter: a crew on this machine, or jobs shared by many machines."""

from typing import TYPE_CHECKING, Final

from newsletter.doors import hand_out
from newsletter.workers.crew import Crew, CrewError
from newsletter.workers.lines import (
    PlansMade,
    read_line,
    read_plans_line,
    write_line,
    write_plans_line,
)
from newsletter.workers.log_fields import log_fields, logging_about

if TYPE_CHECKING:
    from newsletter.workers.jobs.board import Board
    from newsletter.workers.jobs.errands import Errands, Share, cut_at
    from newsletter.workers.jobs.numbers import worker_families
    from newsletter.workers.jobs.schema import prepare_jobs
    from newsletter.workers.jobs.station import Station, StationOrder
    from newsletter.workers.reporting import REPORT_EVERY_S, Badge, Herald
    from newsletter.workers.spans import MakeSpan, no_span, spans_of, tracing
    from newsletter.workers.watching import read_place, watched

# procrastinate takes a while to load, and most commands have no jobs.
_LATE: Final = {
    "jobs.board": ("Board",),
    "jobs.errands": ("Errands", "Share", "cut_at"),
    "jobs.numbers": ("worker_families",),
    "jobs.schema": ("prepare_jobs",),
    "jobs.station": ("Station", "StationOrder"),
    "reporting": ("REPORT_EVERY_S", "Badge", "Herald"),
    "spans": ("MakeSpan", "no_span", "spans_of", "tracing"),
    "watching": ("read_place", "watched"),
}

if not TYPE_CHECKING:  # else every wrong name would look right to the checker

    def __getattr__(name: str) -> object:
        """Return what one of the modules has; raises AttributeError for a name that none has."""
        return hand_out(__name__, _LATE, name)


__all__ = [
    "REPORT_EVERY_S",
    "Badge",
    "Board",
    "Crew",
    "CrewError",
    "Errands",
    "Herald",
    "MakeSpan",
    "PlansMade",
    "Share",
    "Station",
    "StationOrder",
    "cut_at",
    "log_fields",
    "logging_about",
    "no_span",
    "prepare_jobs",
    "read_line",
    "read_place",
    "read_plans_line",
    "spans_of",
    "tracing",
    "watched",
    "worker_families",
    "write_line",
    "write_plans_line",
]
