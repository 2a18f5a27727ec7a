"""What an operator must know of the ways that mail takes: who does not let us in, who floods us."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from newsletter.model import Lane, LaneName, SourceName
from newsletter.rules.throttle import is_relay_lane, open_lanes, subject_of_lane
from newsletter.workflows.status import Alarm

_LOGIN: Final = (
    "check username and password under delivery.relays, `newsletter doctor` tries them; "
    "letters wait and go on by themselves"
)
_POLICY: Final = (
    "find out what it has against us (SPF, DKIM, the name of this machine, too much mail), "
    "`newsletter doctor` looks; letters there wait and go on by themselves"
)


def lane_alarms(lanes: Mapping[LaneName, Lane], now: datetime) -> Iterator[Alarm]:
    """Yield an alarm for each breaker that is open, the oldest first."""
    oldest_first = sorted(open_lanes(lanes).items(), key=lambda one: (one[1].opened_at, one[0]))
    for name, lane in oldest_first:
        since = f"{lane.opened_at:%Y-%m-%d %H:%M} UTC" if lane.opened_at else "a while"
        fact = f"{subject_of_lane(name)} refuses us since {since}: {lane.reason}"
        yield Alarm(f"{fact} ({_next(lane, now)})", _LOGIN if is_relay_lane(name) else _POLICY)


def flood_alarms(asked_within_hour: int) -> Iterator[Alarm]:
    """Yield an alarm where more people were asked to confirm within an hour than is usual."""
    # Late: who only delivers needs the alarms of lanes, and nothing of what reads mail.
    from newsletter.workflows.receive.lately import CONFIRMATIONS_AN_HOUR  # noqa: PLC0415

    if asked_within_hour <= CONFIRMATIONS_AN_HOUR:
        return
    fact = f"{asked_within_hour:,} addresses were asked to confirm a subscription within the hour"
    yield Alarm(
        f"{fact}: somebody may be signing up others",
        f"only {CONFIRMATIONS_AN_HOUR} an hour leave, the others wait by themselves; "
        "`newsletter inbound --state handled` shows who wrote",
    )


def held_alarms(held: Mapping[SourceName, int]) -> Iterator[Alarm]:
    """Yield an alarm for each source of which entries wait for the operator."""
    for source, count in held.items():
        entries = "1 entry waits" if count == 1 else f"{count:,} entries wait"
        yield Alarm(
            f"{entries} that came in a flood from source {source}",
            f"`newsletter entries --source {source}` shows them, `newsletter sources release {source}`"
            f" lets them into letters, `newsletter sources drop {source}` keeps them out",
        )


def _next(lane: Lane, now: datetime) -> str:
    if lane.probe_at is None or lane.probe_at - now < timedelta(minutes=1):
        return "one letter tries it with the next delivery"
    return f"one letter tries it at {lane.probe_at:%H:%M} UTC"
