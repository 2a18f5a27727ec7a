"""What would stop this newsletter, each with its remedy: the program's own side."""

import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from newsletter.bootstrap.checking import check_all
from newsletter.bootstrap.furnishing import open_newsroom
from newsletter.bootstrap.mail_doctor import MAIL_LOOKS
from newsletter.bootstrap.meaning import look_at_meaning
from newsletter.bootstrap.newsroom import Newsroom
from newsletter.errors import NewsletterError
from newsletter.model import Finding, InboundState, SourceState, Verdict
from newsletter.workflows import asked_lately, flood_alarms, lane_alarms, look_at_work

_LEAST_FREE_BYTES: Final = 500_000_000
_EARLIEST: Final = datetime(2026, 1, 1, tzinfo=UTC)
_OTHERS_MAY: Final = stat.S_IRWXG | stat.S_IRWXO


def examine(path: Path) -> Iterator[Finding]:
    """Yield the findings about the newsletter of the config at `path`, one as soon as it is known."""
    checked = check_all(path)
    yield from (Finding("config", Verdict.BAD, str(one)) for one in checked.config)
    yield from (Finding("config", Verdict.WARN, str(one)) for one in checked.warnings)
    if checked.config:
        return
    yield Finding("config and templates", Verdict.OK, f"{path} can be used")
    yield from (Finding("document", Verdict.WARN, str(one)) for one in checked.documents)
    try:
        with open_newsroom(path) as room:
            for look in _LOOKS:
                yield from look(room)
    except NewsletterError as error:
        yield Finding("database", Verdict.BAD, str(error), "mend what the message names")


def _database(room: Newsroom) -> Iterator[Finding]:
    version = room.database.schema_version()
    yield Finding("database", Verdict.OK, f"{room.database.name} has schema {version}")


def _disk(room: Newsroom) -> Iterator[Finding]:
    place = room.database.path.parent if room.database.path else room.config.folder
    free = shutil.disk_usage(place).free
    fact = f"{free / 1e9:.1f} GB free beside the database"
    if free < _LEAST_FREE_BYTES:
        yield Finding("disk", Verdict.BAD, fact, "free some: a full disk stops sending")
    else:
        yield Finding("disk", Verdict.OK, fact)


def _clock(_: Newsroom) -> Iterator[Finding]:
    now = datetime.now(UTC)
    fact = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    if now < _EARLIEST:
        yield Finding("clock", Verdict.BAD, fact, "set the machine's clock (NTP)")
    else:
        yield Finding("clock", Verdict.OK, fact)


def _secret(room: Newsroom) -> Iterator[Finding]:
    path = room.config.secret.path
    if path is None:
        yield Finding("secret", Verdict.OK, "kept outside a file")
    elif path.stat().st_mode & _OTHERS_MAY:
        yield Finding("secret", Verdict.WARN, f"{path} can be read by others", f"chmod 600 {path}")
    else:
        yield Finding("secret", Verdict.OK, f"{path}, readable by its owner alone")


def _sources(room: Newsroom) -> Iterator[Finding]:
    reports = room.log.last()
    for source in room.sources:
        report = reports.get(source.name)
        if report is None:
            yield Finding(
                f"source {source.name}", Verdict.WARN, "never pulled", "newsletter collect"
            )
        elif report.state is SourceState.FAILED:
            fact = "; ".join(report.problems)
            yield Finding(f"source {source.name}", Verdict.BAD, fact, "newsletter collect")
        else:
            fact = f"{report.state}, {report.fetched} entries at the last pull"
            yield Finding(f"source {source.name}", Verdict.OK, fact)
    if not room.sources:
        yield Finding("sources", Verdict.WARN, "none", "name one under sources: in config.yaml")


def _meaning(room: Newsroom) -> Iterator[Finding]:
    yield from look_at_meaning(room.config)


def _ways(room: Newsroom) -> Iterator[Finding]:
    for alarm in lane_alarms(room.throttles.lanes(), datetime.now(UTC)):
        yield Finding("breaker", Verdict.WARN, alarm.fact, alarm.remedy)


def _work(room: Newsroom) -> Iterator[Finding]:
    view = look_at_work(room.working())
    for alarm in view.stuck:
        yield Finding("work", Verdict.WARN, alarm.fact, alarm.remedy)
    living = sum(view.versions.values())
    if living and not view.stuck:
        processes = "1 process works" if living == 1 else f"{living} processes work"
        yield Finding("work", Verdict.OK, f"{processes}, nothing is stuck")


def _mail_in(room: Newsroom) -> Iterator[Finding]:
    for alarm in flood_alarms(asked_lately(room.correspondence, room.clock.now())):
        yield Finding("sign-ups", Verdict.WARN, alarm.fact, alarm.remedy)
    if room.inbound.find(InboundState.ASIDE, limit=1):
        fact = "some messages could not be read and are set aside"
        yield Finding("mail in", Verdict.WARN, fact, "newsletter inbound")


def _subscribers(room: Newsroom) -> Iterator[Finding]:
    people = list(room.subscribers.all())
    waiting = [person for person in people if person.confirmed_at is None]
    fact = f"{len(people)} known, {len(waiting)} of them not confirmed"
    if waiting or not people:
        remedy = "newsletter subscribers import subscribers --consent TEXT"
        yield Finding("subscribers", Verdict.WARN, fact, remedy)
    else:
        yield Finding("subscribers", Verdict.OK, fact)


_LOOKS: Final[tuple[Callable[[Newsroom], Iterator[Finding]], ...]] = (
    _database,
    _disk,
    _clock,
    _secret,
    _sources,
    _subscribers,
    _meaning,
    _ways,
    _work,
    _mail_in,
    *MAIL_LOOKS,
)
