"""Is there room on the disk for what the program keeps?"""

import shutil
from pathlib import Path
from typing import Final

from newsletter.workflows import Alarm

_LITTLE_MB: Final = 100
_MB: Final = 1_000_000


def disk_alarms(folder: Path) -> tuple[Alarm, ...]:
    """Return the alarm of a nearly full disk; nothing for a folder that is not there yet."""
    try:
        free_mb = shutil.disk_usage(folder).free // _MB
    except OSError:
        return ()
    if free_mb >= _LITTLE_MB:
        return ()
    fact = f"{folder}: the disk has {free_mb} MB left"
    return (Alarm(fact, "make room: without it no letter can be planned or recorded"),)
