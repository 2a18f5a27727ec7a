"""Worker processes as operators start them, watched from outside: how fast, how much computed, how large.

What starting costs is measured and kept apart. The rate is counted from the moment when every
process has delivered its first letter to the last letter; the processor time of a process that
finds nothing to do is taken off. A letter counts once its end is on the disk: then its worker
says so.
"""

import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
_PAGE_KB: Final = os.sysconf("SC_PAGE_SIZE") // 1024


@dataclass(frozen=True, slots=True)
class Shift:
    """What one round of processes did. Times in seconds, sizes in MB."""

    letters: int
    rate: float
    """Letters a second, starting excluded."""
    starting_s: float
    """Until the last process had delivered its first letter."""
    elapsed_s: float
    """From start to end, starting and ending included."""
    computed_s: float
    """Processor time of all processes."""
    largest_mb: float
    sizes_mb: tuple[float, ...]
    """Of the largest process each time another tenth was delivered."""


@dataclass(slots=True)
class _Worker:
    process: "subprocess.Popen[bytes]"
    letters: int = 0


@dataclass(slots=True)
class _Watch:
    """What was seen of the workers so far: moments by a clock that never goes back."""

    wanted: int
    begun_s: float
    letters: int = 0
    all_work_s: float = 0.0
    before: int = 0
    """Letters delivered when the last process had delivered its first."""
    last_s: float = 0.0
    sizes_mb: list[float] = field(default_factory=list)


def work(config: Path, processes: int, letters: int) -> Shift:
    """Let workers deliver all `letters`, and say how that went."""
    begun_s = time.monotonic()
    watch = _Watch(letters, begun_s)
    workers = [_Worker(start(config)) for _ in range(processes)]
    with selectors.DefaultSelector() as selector:
        for one in workers:
            assert one.process.stdout is not None
            selector.register(one.process.stdout, selectors.EVENT_READ, one)
        while selector.get_map():
            for key, _ in selector.select():
                if not _listen(key.data, workers, watch):
                    selector.unregister(key.fileobj)
    usages = [_end(one.process) for one in workers]
    assert watch.letters == letters, f"{watch.letters} of {letters} letters left"
    elapsed_s = time.monotonic() - begun_s
    return Shift(
        letters=letters,
        rate=(letters - watch.before) / ((watch.last_s - watch.all_work_s) or 1.0),
        starting_s=watch.all_work_s - begun_s,
        elapsed_s=elapsed_s,
        computed_s=sum(computed for computed, _ in usages),
        largest_mb=max(size for _, size in usages),
        sizes_mb=tuple(watch.sizes_mb),
    )


def start(
    config: Path, wrap: Callable[[list[str]], list[str]] = lambda words: words
) -> "subprocess.Popen[bytes]":
    """Start one worker as `newsletter send` does."""
    words = [sys.executable, "-m", "newsletter", "--config", str(config), "--json"]
    return subprocess.Popen(
        wrap([*words, "worker", "--until-empty"]),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    )


def _listen(one: _Worker, workers: list[_Worker], watch: _Watch) -> bool:
    """Count the lines that came; False when there will be none."""
    assert one.process.stdout is not None
    told = os.read(one.process.stdout.fileno(), 1 << 16)
    now_s = time.monotonic()
    lines = told.count(b"\n")
    was_first = lines and not one.letters
    one.letters += lines
    watch.letters += lines
    if lines:
        watch.last_s = now_s
    if was_first and all(each.letters for each in workers):
        watch.all_work_s, watch.before = now_s, watch.letters
    while watch.wanted and watch.letters >= (len(watch.sizes_mb) + 1) * watch.wanted / 10:
        watch.sizes_mb.append(max(size_mb(each.process) for each in workers))
    return bool(told)


def size_mb(process: "subprocess.Popen[bytes]") -> float:
    """Return how much memory a process has now; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * _PAGE_KB / 1024
    except (OSError, IndexError):
        return 0.0


def count_lines(process: "subprocess.Popen[bytes]") -> int:
    """Wait until a worker says something; return how many letters that are."""
    assert process.stdout is not None
    return os.read(process.stdout.fileno(), 1 << 16).count(b"\n")


def _end(process: "subprocess.Popen[bytes]") -> tuple[float, float]:
    """Wait for a process; return its processor time in seconds and its largest size in MB."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()
    assert process.returncode == 0, "a worker failed: see what it said above"
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
