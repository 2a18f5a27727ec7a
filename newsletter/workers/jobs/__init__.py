"""Jobs for several machines, over PostgreSQL and procrastinate: what they do is what `serve` does."""

from newsletter.workers.jobs.board import Board, Doing
from newsletter.workers.jobs.errands import Errands, Share
from newsletter.workers.jobs.schema import prepare_jobs
from newsletter.workers.jobs.station import Station, StationOrder

__all__ = ["Board", "Doing", "Errands", "Share", "Station", "StationOrder", "prepare_jobs"]
