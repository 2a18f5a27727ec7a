"""COLLECT: pull every source and store what is new, one row per real paper."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from newsletter.errors import StorageError
from newsletter.model import (
    Entry,
    EntryChange,
    IdentityKey,
    Pull,
    PullOrder,
    PullStep,
    SourceName,
    SourceReport,
)
from newsletter.ports import Clock, EntryStore, Source, SourceLog
from newsletter.rules.collecting import (
    Admitted,
    SourceTerms,
    admit,
    report_failure,
    report_pull,
    usual_terms,
)
from newsletter.rules.identity import Filed, file_announcements, keys_of
from newsletter.workflows.pulling import PATIENCE, Pulled, pull_all, pull_one


@dataclass(frozen=True, slots=True)
class CollectPorts:
    """What collecting needs of the world, and what the operator says of the sources.

    A source without `terms` has those that are usual for its kind.
    """

    entries: EntryStore
    log: SourceLog
    clock: Clock
    terms: Mapping[SourceName, SourceTerms] = field(default_factory=dict)
    low_trust: frozenset[SourceName] = frozenset()

    def terms_of(self, source: Source) -> SourceTerms:
        """Return what counts as news of a source."""
        return self.terms.get(source.name) or usual_terms(source.kind)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a pull would have stored. `admitted` has one change for each of `filed`, in their order."""

    report: SourceReport
    filed: tuple[Filed, ...] = ()
    admitted: Admitted = field(default_factory=lambda: Admitted(()))


def collect(
    sources: Sequence[Source],
    ports: CollectPorts,
    on_report: Callable[[SourceReport], None] = lambda _: None,
    *,
    patience: timedelta = PATIENCE,
) -> tuple[SourceReport, ...]:
    """Pull `sources` side by side and store their entries; return one report each, in their order.

    `on_report` hears of each source as soon as it is done. A source that raises, or has not
    answered after `patience`, is a report, never an error: the others go on. What a source wants
    to remember is kept after its entries, so that a crash in between only pulls the same again.
    Raises StorageError when nothing can be stored.
    """
    now = ports.clock.now()
    reports: dict[str, SourceReport] = {}

    def order(source: Source) -> PullOrder:
        return PullOrder(now, ports.log.memory(source.name))

    for source, pulled in pull_all(sources, order, patience):
        report = _store(source, pulled, ports, now)
        reports[source.name] = report
        on_report(report)
    return tuple(reports[source.name] for source in sources)


def rehearse(source: Source, ports: CollectPorts, on_step: Callable[[PullStep], None]) -> Rehearsal:
    """Pull `source` as if for the first time, and return what would be stored; nothing is.

    Without its memory it shows all that it has, also what has not changed since. What is new is
    told by the entries that are stored. `on_step` hears of each step of the pull.
    """
    now = ports.clock.now()
    pulled = pull_one(source, PullOrder(now, on_step=on_step))
    if pulled.pull is None:
        return Rehearsal(_failure(source, pulled, pulled.problem, now))
    decision = _Decision(source, pulled.pull, ports, now)

    def look(known: Mapping[IdentityKey, Sequence[Entry]]) -> Sequence[EntryChange]:
        decision(known)
        return ()

    ports.entries.change(decision.keys, look, now=now)
    report = _report(source, pulled, pulled.pull, decision.admitted, now)
    return Rehearsal(report, decision.filed, decision.admitted)


class _Decision:
    """What to change for one pull; it is called by the store and keeps what it decided."""

    def __init__(self, source: Source, pull: Pull, ports: CollectPorts, now: datetime) -> None:
        self._fetched = pull.entries
        self._terms = ports.terms_of(source)
        self._low_trust = ports.low_trust
        self._last_pull_at = ports.log.last_stored(source.name)
        self._now = now
        self._keys = tuple(map(keys_of, pull.entries))
        self.keys = frozenset().union(*self._keys)
        self.filed: tuple[Filed, ...] = ()
        self.admitted = Admitted(())

    def __call__(self, known: Mapping[IdentityKey, Sequence[Entry]]) -> Sequence[EntryChange]:
        self.filed = file_announcements(
            self._fetched, known, low_trust=self._low_trust, keys=self._keys
        )
        self.admitted = admit(
            self.filed, self._terms, last_pull_at=self._last_pull_at, now=self._now
        )
        return self.admitted.changes


def _store(source: Source, pulled: Pulled, ports: CollectPorts, now: datetime) -> SourceReport:
    pull, problem = pulled.pull, pulled.problem
    if pull is not None:
        try:
            decision = _Decision(source, pull, ports, now)
            ports.entries.change(decision.keys, decision, now=now)
            report = _report(source, pulled, pull, decision.admitted, now)
            ports.log.record(report)
            if pull.memory is not None:
                ports.log.remember(source.name, pull.memory)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - what one source says must not stop the others
            problem = f"its entries cannot be merged: {type(error).__name__}: {error}"
        else:
            return report
    report = _failure(source, pulled, problem, now)
    ports.log.record(report)
    return report


def _report(
    source: Source, pulled: Pulled, pull: Pull, admitted: Admitted, now: datetime
) -> SourceReport:
    return report_pull(
        source.name, source.kind, pull, admitted, pulled_at=now, duration=pulled.duration
    )


def _failure(source: Source, pulled: Pulled, problem: str, now: datetime) -> SourceReport:
    return report_failure(
        source.name, source.kind, problem, pulled_at=now, duration=pulled.duration
    )
