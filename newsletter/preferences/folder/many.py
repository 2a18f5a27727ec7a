"""Read very many documents: on every core, where that is worth the start of processes."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from typing import Final, TypeVar

from newsletter.model import PreferencesReading
from newsletter.preferences.documents import read_text
from newsletter.preferences.schema.surroundings import Surroundings

_Work = TypeVar("_Work")

WORTH_PROCESSES: Final = 4000
"""A process needs about a second to begin, one document half a millisecond to be read."""
_CHUNK: Final = 500


def read_many(
    work: Sequence[_Work],
    read_one: Callable[[_Work, Surroundings], PreferencesReading],
    around: Surroundings,
    *,
    worth_processes: int = WORTH_PROCESSES,
) -> Sequence[PreferencesReading]:
    """Return what `read_one` makes of each piece of work, in order.

    From `worth_processes` pieces on other processes help; `read_one` must be a function of a module,
    so that they find it.
    """
    cores = _usable_cores()
    if len(work) < worth_processes or cores == 1:
        return [read_one(one, around) for one in work]
    plain = Surroundings(dict(around.catalogue), around.defaults)  # views cannot travel
    chunks = [work[first : first + _CHUNK] for first in range(0, len(work), _CHUNK)]
    try:
        # A process of its own, not a fork: a fork would copy locks that threads of ours hold.
        with ProcessPoolExecutor(cores, get_context("spawn")) as pool:
            read = pool.map(partial(_read_chunk, read_one, plain), chunks)
            return [one for part in read for one in part]
    except (OSError, BrokenProcessPool):
        # Where no more processes are to be had, it only takes longer.
        return [read_one(one, around) for one in work]


def read_texts(
    parts: Sequence[tuple[str, str]], around: Surroundings
) -> Sequence[PreferencesReading]:
    """Return what stands in each text; beside it the name that places and problems give to it."""
    return read_many(parts, _read_part, around)


def _read_part(part: tuple[str, str], around: Surroundings) -> PreferencesReading:
    return read_text(*part, around)


def _read_chunk(
    read_one: Callable[[_Work, Surroundings], PreferencesReading],
    around: Surroundings,
    chunk: Sequence[_Work],
) -> Sequence[PreferencesReading]:
    return [read_one(one, around) for one in chunk]


def _usable_cores() -> int:
    """Return how many cores this process may use; a container often has fewer than its machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
