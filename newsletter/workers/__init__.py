"""Processes that work for a newsletter: a crew on this machine, or jobs shared by many machines."""

from typing import TYPE_CHECKING, Final

from newsletter.doors import hand_out
from newsletter.workers.crew import Crew, CrewError
from newsletter.workers.lines import read_line, write_line

if TYPE_CHECKING:
    from newsletter.workers.jobs.board import Board, Doing
    from newsletter.workers.jobs.errands import Errands, Share
    from newsletter.workers.jobs.schema import prepare_jobs
    from newsletter.workers.jobs.station import Station, StationOrder

# procrastinate takes a while to load, and most commands have no jobs.
_LATE: Final = {
    "jobs.board": ("Board", "Doing"),
    "jobs.errands": ("Errands", "Share"),
    "jobs.schema": ("prepare_jobs",),
    "jobs.station": ("Station", "StationOrder"),
}

if not TYPE_CHECKING:  # else every wrong name would look right to the checker

    def __getattr__(name: str) -> object:
        """Return what one of the modules has; raises AttributeError for a name that none has."""
        return hand_out(__name__, _LATE, name)


__all__ = [
    "Board",
    "Crew",
    "CrewError",
    "Doing",
    "Errands",
    "Share",
    "Station",
    "StationOrder",
    "prepare_jobs",
    "read_line",
    "write_line",
]
