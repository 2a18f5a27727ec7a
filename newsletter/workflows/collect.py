"""COLLECT: pull every source and store what is new, one row per real paper."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from newsletter.errors import NewsletterError, StorageError
from newsletter.model import Pull, PullOrder, SourceReport
from newsletter.ports import Clock, EntryStore, Source, SourceLog
from newsletter.rules.collecting import report_failure, report_pull
from newsletter.rules.identity import keys_of, reconcile

_AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True)
class CollectPorts:
    """What collecting needs of the world."""

    entries: EntryStore
    log: SourceLog
    clock: Clock


@dataclass(frozen=True, slots=True)
class _Pulled:
    pull: Pull | None
    problem: str
    duration: timedelta


def collect(
    sources: Sequence[Source],
    ports: CollectPorts,
    on_report: Callable[[SourceReport], None] = lambda _: None,
) -> tuple[SourceReport, ...]:
    """Pull `sources` side by side and store their entries; return one report each, in their order.

    `on_report` hears of each source as soon as it is done. A source that raises is a report,
    never an error: the others go on. Raises StorageError when nothing can be stored.
    """
    now = ports.clock.now()
    reports: dict[str, SourceReport] = {}
    for source, pulled in _pull_all(sources, now):
        report = _store(source, pulled, ports, now)
        ports.log.record(report)
        reports[source.name] = report
        on_report(report)
    return tuple(reports[source.name] for source in sources)


def _pull_all(sources: Sequence[Source], now: datetime) -> Iterator[tuple[Source, _Pulled]]:
    if len(sources) == 1:  # in the caller's own thread, which may be one that nobody waits for
        yield sources[0], _pull(sources[0], now)
        return
    with ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="collect") as pool:
        futures: dict[Future[_Pulled], Source] = {
            pool.submit(_pull, source, now): source for source in sources
        }
        for future in as_completed(futures):
            yield futures[future], future.result()


def _pull(source: Source, now: datetime) -> _Pulled:
    started = monotonic()
    pull, problem = None, ""
    try:
        pull = source.pull(PullOrder(now))
    except NewsletterError as error:
        problem = str(error)
    except Exception as error:  # noqa: BLE001 - one source's fault must not stop the others
        problem = f"the source failed in an unforeseen way: {type(error).__name__}: {error}"
    return _Pulled(pull, problem, timedelta(seconds=monotonic() - started))


def _store(source: Source, pulled: _Pulled, ports: CollectPorts, now: datetime) -> SourceReport:
    pull = pulled.pull
    if pull is None:
        return report_failure(
            source.name, source.kind, pulled.problem, pulled_at=now, duration=pulled.duration
        )
    fetched = pull.entries
    keys = frozenset(key for entry in fetched for key in keys_of(entry))
    try:
        changes = ports.entries.change(keys, lambda known: reconcile(fetched, known), now=now)
    except StorageError:
        raise
    except Exception as error:  # noqa: BLE001 - what one source says must not stop the others
        problem = f"its entries cannot be merged: {type(error).__name__}: {error}"
        return report_failure(
            source.name, source.kind, problem, pulled_at=now, duration=pulled.duration
        )
    return report_pull(
        source.name, source.kind, pull, changes, pulled_at=now, duration=pulled.duration
    )
