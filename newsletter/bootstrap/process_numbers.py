"""The numbers of this process itself."""

import os
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import Final

from newsletter.rules.exposition import Family, Kind, Sample, gauge

_PROCESS: Final = Path("/proc/self")
_START_FIELD: Final = 19
"""Of /proc/self/stat behind the name of the program, counted from 0 (proc(5))."""


def process_families() -> Iterator[Family]:
    """Yield what Prometheus usually knows of a process, as far as this system tells it."""
    cpu = Sample(process_time(), {})
    yield Family("process_cpu_seconds", Kind.COUNTER, "Time of the processors.", (cpu,))
    try:
        memory = int((_PROCESS / "statm").read_text("ascii").split()[1])
        files = sum(1 for _ in (_PROCESS / "fd").iterdir())
        stat = (_PROCESS / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        boot = float(_boot_time())
    except (OSError, ValueError, IndexError):  # another system than Linux
        return
    started = boot + int(stat[_START_FIELD]) / os.sysconf("SC_CLK_TCK")
    page = os.sysconf("SC_PAGE_SIZE")
    yield gauge("process_resident_memory_bytes", "Memory in use.", memory * page)
    yield gauge("process_open_fds", "Open files.", files)
    yield gauge("process_start_time_seconds", "When it began, in seconds since 1970.", started)


def _boot_time() -> str:
    lines = Path("/proc/stat").read_text("ascii").splitlines()
    return next((line.split()[1] for line in lines if line.startswith("btime ")), "")
