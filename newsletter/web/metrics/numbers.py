"""The numbers of the program. No label ever holds an address or a token."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from newsletter import __version__
from newsletter.rules.exposition import Family, Kind, Sample, gauge, gauges

if TYPE_CHECKING:
    from newsletter.workflows import LaneLine, Overview, SourceLine

_MOST_LANES: Final = 50


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
