"""The numbers of the program and of its process. No label ever holds an address or a token."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Final

from newsletter import __version__
from newsletter.web.metrics.exposition import Family, Kind, Sample, gauge, gauges

if TYPE_CHECKING:
    from newsletter.workflows import LaneLine, Overview, SourceLine

_PROCESS: Final = Path("/proc/self")
_MOST_LANES: Final = 50
_START_FIELD: Final = 19
"""Of /proc/self/stat behind the name of the program, counted from 0 (proc(5))."""


def program_families(now: datetime, overview: "Overview") -> Iterator[Family]:
    """Yield the numbers of an overview."""
    age_s = max(0.0, (now - overview.taken_at).total_seconds())
    yield gauge("newsletter_build_info", "The version that runs.", 1, version=__version__)
    yield gauge("newsletter_overview_age_seconds", "How old most of these numbers are.", age_s)
    yield from _message_families(now, overview)
    yield from _source_families(overview.sources)
    yield from _lane_families(overview.lanes)
    yield gauges("newsletter_subscribers", "People by state.", "state", overview.people.items())
    returns = overview.returns
    yield gauge(
        "newsletter_bounced_addresses", "Addresses that mail came back from.", returns.bounced
    )
    yield gauge(
        "newsletter_bounced_addresses_week", "Those of the last 7 days.", returns.bounced_lately
    )
    yield gauges(
        "newsletter_suppressed_addresses",
        "Addresses that get no mail, by cause.",
        "cause",
        returns.suppressed.items(),
    )
    worries = Counter(str(worry.concern) for worry in overview.worries)
    yield gauges(
        "newsletter_alarms", "What needs a person, by what it is about.", "about", worries.items()
    )
    yield gauge("newsletter_inbound_aside", "Received messages set aside.", overview.aside)


def _message_families(now: datetime, overview: "Overview") -> Iterator[Family]:
    tally = overview.tally
    yield gauge("newsletter_messages_planned", "All messages that ever were.", tally.planned)
    yield gauges("newsletter_messages", "Messages by state.", "state", tally.states.items())
    yield gauge(
        "newsletter_accounting_adds_up", "1 where every message is in a state.", overview.adds_up
    )
    oldest = overview.oldest_waiting
    age_s = max(0.0, (now - oldest).total_seconds()) if oldest else 0
    yield gauge("newsletter_queue_age_seconds", "How long the oldest message has waited.", age_s)
    yield gauges(
        "newsletter_letters_today",
        "Letters whose slots began today, by state.",
        "state",
        overview.today.letters.items(),
    )
    yield gauges(
        "newsletter_silences_today",
        "Slots of today without a letter, by reason.",
        "reason",
        overview.today.silences.items(),
    )


def _source_families(lines: "tuple[SourceLine, ...]") -> Iterator[Family]:
    def of_each(name: str, help_: str, values: Mapping[str, float]) -> Family:
        return gauges(f"newsletter_source_{name}", help_, "source", values.items())

    pulled = {str(one.name): one.report for one in lines if one.report}
    stored = {str(one.name): one.stored_at.timestamp() for one in lines if one.stored_at}
    yield of_each("last_success_timestamp_seconds", "When it was last pulled with success.", stored)
    states = tuple(
        Sample(1, {"source": name, "state": str(one.state)}) for name, one in pulled.items()
    )
    yield Family("newsletter_source_state", Kind.GAUGE, "How its last pull ended.", states)
    yield of_each(
        "new", "New entries of its last pull.", {key: one.new for key, one in pulled.items()}
    )
    yield of_each(
        "held", "Entries that wait for a person.", {str(one.name): one.held for one in lines}
    )


def _lane_families(lines: "tuple[LaneLine, ...]") -> Iterator[Family]:
    counts = Counter({"closed": 0, "slowed": 0, "free": 0})
    counts.update(
        "closed" if one.is_open else "slowed" if one.is_slowed else "free" for one in lines
    )
    yield gauges("newsletter_lanes", "Lanes by state.", "state", counts.items())
    closed = [(str(one.name), 1) for one in lines if one.is_open][:_MOST_LANES]
    yield gauges("newsletter_lane_closed", "Lanes that are closed.", "lane", closed)


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
