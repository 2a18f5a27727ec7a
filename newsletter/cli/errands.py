"""What jobs of `newsletter worker` do: the rounds of `serve`, cut into pieces for many machines."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from newsletter.bootstrap import Newsroom
from newsletter.cli.delivering import WORTH_A_WORKER, deliver_all
from newsletter.cli.embedding import QuietReader
from newsletter.cli.rounds import publish_awake
from newsletter.model import OutboxEvent, SourceName
from newsletter.ports import Transport
from newsletter.rules.collecting import due_sources
from newsletter.scheduler import Rounds
from newsletter.transports import run
from newsletter.workers import Board, Errands, MakeSpan, Share, cut_at, no_span
from newsletter.workflows import Delivered, DeliverOrder, collect

LOG: Final = logging.getLogger("newsletter.jobs")

_SHARE: Final = 6_000
"""People in one job: a second of work or two."""
_TURN: Final = timedelta(seconds=20)
"""So long one job delivers; then it is asked for again, and whoever is free takes it."""


class JobErrands:
    """The work of the jobs of one process, on the ports of `room`."""

    def __init__(
        self,
        room: Newsroom,
        rounds: Rounds,
        reader: QuietReader,
        transport: Transport,
        board: Board,
        span: MakeSpan = no_span,
    ) -> None:
        self._span = span
        self._room = room
        self._rounds = rounds
        self._reader = reader
        self._ports = room.delivering(transport)
        self._board = board
        self._delivering = threading.Lock()
        self._sources = {source.name: source for source in rounds.sources}

    def errands(self, *, reads_documents: bool) -> Errands:
        """Return the functions; documents in a folder are read by `serve` alone, which watches it."""
        rounds = self._rounds
        return Errands(
            shares=self._shares,
            publish=self._publish,
            deliver=self._deliver,
            waits_for_more=lambda: self._room.count_waiting(WORTH_A_WORKER) >= WORTH_A_WORKER,
            receive=rounds.receive,
            due_sources=self._due_sources,
            collect=self._collect,
            embed=lambda _: self._reader.read(),
            adopt=(lambda: _drop(rounds.adopt())) if reads_documents else None,
            archive=rounds.archive,
            purge=lambda: _drop(rounds.purge()),
        )

    def _shares(self) -> Sequence[Share]:
        now, rests = self._room.clock.now(), self._room.rests
        if not rests.has_awake(now=now):
            return ()
        return cut_at(rests.bounds(now=now, size=_SHARE))

    def _publish(self, share: Share, is_stopping: Callable[[], bool]) -> int:
        letters = 0
        for batch in publish_awake(self._room, above=share.above, below=share.below):
            letters += sum(plan.edition is not None for plan in batch.plans)
            if is_stopping():
                break
        return letters

    def _deliver(self, is_stopping: Callable[[], bool]) -> bool:
        if not self._delivering.acquire(blocking=False):
            return False  # a job before went on when its worker was gone, and takes what waits
        try:
            return self._deliver_for_a_while(is_stopping)
        finally:
            self._delivering.release()

    def _deliver_for_a_while(self, is_stopping: Callable[[], bool]) -> bool:
        ends_at_s = time.monotonic() + _TURN.total_seconds()

        def is_enough() -> bool:
            return time.monotonic() >= ends_at_s

        order = DeliverOrder(
            at_once=self._room.config.delivery.letters_at_once,
            on_delivered=self._tell,
            is_stopping=is_stopping,
            is_enough=is_enough,
        )
        with self._span("delivery round"):
            run(deliver_all(self._ports, order))
        return is_enough() and not is_stopping()

    def _tell(self, outcome: Delivered) -> None:
        self._board.count_letter(str(outcome.event or "none"))
        if outcome.event is not OutboxEvent.ACCEPT:
            LOG.warning(
                "delivery item=%s event=%s reply=%s",
                outcome.item,
                outcome.event,
                outcome.reply,
                extra={"item": outcome.item, "event": str(outcome.event)},
            )

    def _due_sources(self) -> Sequence[SourceName]:
        rounds = self._rounds
        return due_sources(rounds.intervals, rounds.last_pulls(), now=self._room.clock.now())

    def _collect(self, name: SourceName) -> int:
        if name not in self._due_sources() or name not in self._sources:
            return 0  # somebody else was faster, or the config of this machine has it no more
        (report,) = collect([self._sources[name]], self._room.collecting())
        LOG.info("collected source=%s state=%s new=%d", name, report.state, report.new)
        return report.new


def _drop(_: object) -> None:
    """Return nothing."""
