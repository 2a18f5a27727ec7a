"""Which worker holds a message, and whether that worker still lives.

A lease is no wall time: clocks jump, and `--now` sets them. It names a process of this boot of
the machine, with the moment that process began, since process numbers come again. So a lease ends
when its process does, and not before.
"""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NewType

Holder = NewType("Holder", str)
"""`BOOT/PID/STARTED`."""

IsAlive = Callable[[Holder], bool]

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_PS_S: Final = 10
_GONE: Final = frozenset("ZXx")


@dataclass(frozen=True, slots=True)
class _Process:
    boot: str
    pid: int
    started: str


def this_process() -> Holder:
    """Return the name under which this process holds leases."""
    pid = os.getpid()
    return Holder(f"{_boot_id()}/{pid}/{_started(pid) or '?'}")


def is_alive(holder: Holder) -> bool:
    """Say whether the process that `holder` names still runs on this machine.

    A lease that cannot be read belongs to nobody. Where the system tells neither boot nor start
    of a process, its number alone decides: a lease is then kept rather too long than too short.
    """
    process = _parse(holder)
    if process is None or process.boot != _boot_id():
        return False
    return _runs(process.pid) and _started(process.pid) in {process.started, None}


def _parse(holder: str) -> _Process | None:
    boot, _, rest = holder.partition("/")
    pid, _, started = rest.partition("/")
    if not (pid.isascii() and pid.isdigit() and int(pid) > 0 and started):
        return None
    return _Process(boot, int(pid), started)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _boot_id() -> str:
    """Return what names this boot of the machine; without /proc one word for all.

    That is enough there, since `started` is then a date and not a time since the boot.
    """
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return "any-boot"


def _started(pid: int) -> str | None:
    """Return when a process began, in words of the system; None where it cannot be told."""
    try:
        # proc(5): the name in parentheses may hold spaces; `starttime` is field 22 of all.
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        fields = stat.rpartition(")")[2].split()
        # A process that was killed and not yet collected by its parent holds nothing any more.
        return "gone" if fields[0] in _GONE else fields[19]
    except (OSError, IndexError):
        return _started_by_ps(pid)


def _started_by_ps(pid: int) -> str | None:
    """Ask ps(1), as on macOS, where there is no /proc."""
    command = ("ps", "-o", "lstart=", "-p", str(pid))
    try:
        answer = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=_PS_S,
            check=False,
            env={"LC_ALL": "C", "PATH": "/bin:/usr/bin"},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return "-".join(answer.stdout.split()) or None
