"""The clock of `newsletter serve`: collect on each source's interval, publish each minute, deliver.

A document that somebody saves comes into force at once, and again at a look in each minute, ahead of
the slots of the next.

What is due is asked of the database each time; nothing is kept here, so a restart loses nothing
and after downtime the latest slot is sent, once.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final

from apscheduler.executors.pool import ThreadPoolExecutor as JobThreads
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from newsletter.errors import NewsletterError
from newsletter.model import OutboxEvent, SourceName
from newsletter.ports import Source
from newsletter.rules.collecting import due_at
from newsletter.scheduler.adoption_news import AdoptionNews
from newsletter.scheduler.control import PUBLISH, PULL, Control
from newsletter.scheduler.head_start import HeadStart
from newsletter.scheduler.quiet_rounds import QuietRound, archive_and_tell, purge_and_tell
from newsletter.scheduler.rounds import Rounds
from newsletter.transports import run
from newsletter.workflows import Delivered

LOG: Final = logging.getLogger("newsletter.scheduler")

_DELIVERY: Final = "deliver"
_LAST_WAIT_S: Final = 1.0
_FIRST_PULLS_APART: Final = timedelta(seconds=1)
_CLOCK_LOOK_S: Final = 1.0
_MAIL_LOOK_S: Final = 1.0
_LOOK_AT_SECOND: Final = 45
_PURGE_EVERY: Final = timedelta(days=1)
_FIRST_PURGE_AFTER: Final = timedelta(minutes=1)
_FIRST_ARCHIVE_AFTER: Final = timedelta(minutes=2)
_CLOCK_JUMP_S: Final = 30.0
"""A clock that is kept right by small steps never moves so far in one second."""


def clock_lead_s() -> float:
    """Return how far the wall clock is ahead of the steady one; it changes when the clock is set."""
    return time.time() - time.monotonic()


class Scheduler:
    """Runs the rounds until it is stopped. One instance of each job runs at a time."""

    def __init__(
        self,
        rounds: Rounds,
        on_delivered: Callable[[], None] = lambda: None,
        lead_s: Callable[[], float] = clock_lead_s,
    ) -> None:
        self._rounds = rounds
        self._on_delivered = on_delivered
        self._lead_s = lead_s
        self._stopping = threading.Event()
        self._pulls: dict[SourceName, threading.Thread] = {}
        self._adopting = threading.Lock()
        self._has_adopted = False
        self._news = AdoptionNews()
        self._head_start = HeadStart()
        self._delivering = threading.Lock()
        self._is_delivery_wanted = threading.Event()
        purge = self._guarded(partial(purge_and_tell, rounds.purge))
        almost_s = (_PURGE_EVERY - _FIRST_PURGE_AFTER).total_seconds()
        self._begin_purging = QuietRound("purge", purge, rest_s=almost_s).begin
        archive = partial(rounds.archive, self._stopping.is_set)
        work = self._guarded(partial(archive_and_tell, archive))
        self._begin_archiving = QuietRound("archive", work).begin
        self._ready_on: date | None = None
        """The day whose letters everything is ready for: what is rare is counted anew each day."""
        self._watch = threading.Thread(target=self._watch_documents, name="documents", daemon=True)
        self._mail = threading.Thread(target=self._watch_mail, name="mail", daemon=True)
        self._clock = threading.Thread(target=self._watch_clock, name="clock", daemon=True)
        self._threads = JobThreads()
        self._jobs = BackgroundScheduler(
            timezone=UTC,
            executors={"default": self._threads},
            job_defaults={"coalesce": True, "misfire_grace_time": None},
        )
        self.control = Control(self._jobs)

    def start(self) -> None:
        """Begin: sources that are overdue at once, then what is due, then each whole minute."""
        self._watch.start()
        self._mail.start()
        now = datetime.now(UTC)
        last = self._rounds.last_pulls()
        for place, source in enumerate(self._rounds.sources):
            every = self._rounds.intervals[source.name]
            first = max(now, due_at(last.get(source.name), every, now=now) or now)
            self._jobs.add_job(
                self._guarded(partial(self._begin_collecting, source)),
                IntervalTrigger(seconds=int(every.total_seconds()), timezone=UTC),
                id=PULL.format(source.name),
                next_run_time=first + place * _FIRST_PULLS_APART,
            )
        self._jobs.add_job(
            self._guarded(self._adopt),
            # Ahead of the slots: a look at very many documents keeps no letter waiting.
            CronTrigger(second=_LOOK_AT_SECOND, timezone=UTC),
            id="adopt",
            next_run_time=now,
        )
        self._jobs.add_job(
            self._guarded(self._publish),
            CronTrigger(second=0, timezone=UTC),
            id=PUBLISH,
            next_run_time=now + timedelta(seconds=2),
        )
        self._jobs.add_job(
            self._guarded(self._deliver),
            CronTrigger(second=30, timezone=UTC),
            id=_DELIVERY,
            max_instances=2,  # one delivers, the other one only asks it to go on
            next_run_time=now,
        )
        self._jobs.add_job(
            self._guarded(self._begin_purging),
            IntervalTrigger(seconds=int(_PURGE_EVERY.total_seconds()), timezone=UTC),
            id="purge",
            next_run_time=now + _FIRST_PURGE_AFTER,
        )
        self._jobs.add_job(
            self._guarded(self._begin_archiving),
            # In every zone a day ends at some quarter of an hour.
            CronTrigger(minute="5,20,35,50", timezone=UTC),
            id="archive",
            next_run_time=now + _FIRST_ARCHIVE_AFTER,
        )
        self._jobs.start()
        self._clock.start()

    def stop(self) -> None:
        """Claim nothing more, wait for what is in flight, end all jobs."""
        self._stopping.set()
        self._head_start.end()
        self._jobs.shutdown(wait=False)  # to wait in there would hold a lock that jobs may want
        self._threads.shutdown(wait=True)
        for pull in self._pulls.values():
            pull.join(timeout=_LAST_WAIT_S / max(1, len(self._pulls)))
        for thread in (self._watch, self._mail, self._clock):
            thread.join(timeout=_LAST_WAIT_S)

    def _guarded(self, job: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            if self._stopping.is_set():
                return
            try:
                job()
            except NewsletterError as error:
                LOG.error("round failed: %s", error)  # noqa: TRY400 - a foreseen error needs no traceback
            except Exception:
                LOG.exception("round failed in an unforeseen way")

        return run

    def _watch_clock(self) -> None:
        """Begin every round anew when the clock was set: the next moments may be years away now."""
        before = self._lead_s()
        while not self._stopping.wait(_CLOCK_LOOK_S):
            lead = self._lead_s()
            if abs(lead - before) > _CLOCK_JUMP_S:
                LOG.warning("the clock was set by %+.0f s: every round begins anew", lead - before)
                for job in self._jobs.get_jobs():
                    job.modify(next_run_time=datetime.now(UTC))
            before = lead

    def _begin_collecting(self, source: Source) -> None:
        """Pull in a thread of its own: a source that hangs holds up neither the rounds nor the end."""
        running = self._pulls.get(source.name)
        if running and running.is_alive():
            LOG.warning("source=%s still has not answered", source.name)
            return
        work = self._guarded(partial(self._collect, source))
        thread = threading.Thread(target=work, name=f"collect {source.name}", daemon=True)
        self._pulls[source.name] = thread
        thread.start()

    def _collect(self, source: Source) -> None:
        report = self._rounds.collect(source)
        counts = (report.fetched, report.new, report.held, len(report.problems))
        LOG.info(
            "collected source=%s state=%s fetched=%d new=%d held=%d problems=%d",
            report.name,
            report.state,
            *counts,
        )
        if report.new:
            self._get_ready()

    def _watch_documents(self) -> None:
        """Adopt what somebody saves at once; the look of each minute finds what is missed here."""
        adopt = self._guarded(self._adopt)
        for _ in self._rounds.changes(self._stopping):
            adopt()

    def _watch_mail(self) -> None:
        """Work off what came in each second, and let the answers leave at once."""
        receive = self._guarded(self._receive)
        while not self._stopping.wait(_MAIL_LOOK_S):
            receive()

    def _receive(self) -> None:
        if self._rounds.receive(self._stopping.is_set):
            self._deliver_soon()

    def _adopt(self) -> None:
        with self._adopting:  # two at a time would ask a stranger twice
            adoption = self._rounds.adopt()
            self._has_adopted = True
            self._news.tell(adoption)

    def _publish(self) -> None:
        if not self._has_adopted:
            self._adopt()
        slots = letters = 0
        for batch in self._rounds.publish():
            written = sum(plan.edition is not None for plan in batch.plans)
            if written and not letters:
                self._let_first_leave(written)
            elif written:  # these leave while the others are planned
                self._deliver_soon()
            slots += len(batch.plans)
            letters += written
            if self._stopping.is_set():  # the others are planned after the next start
                return
        if slots:
            LOG.info("planned slots=%d letters=%d", slots, letters)
        if letters:
            self._deliver_soon()
        if self._ready_on != datetime.now(UTC).date():
            self._get_ready()

    def _let_first_leave(self, count: int) -> None:
        """Deliver the first batch, and plan no other until its letters have left, or for a moment."""
        self._head_start.expect(count)
        self._deliver_soon()
        self._head_start.wait()

    def _deliver_soon(self) -> None:
        with suppress(JobLookupError):  # the program ends: the next start delivers
            self._jobs.modify_job(_DELIVERY, next_run_time=datetime.now(UTC))

    def _get_ready(self) -> None:
        self._ready_on = datetime.now(UTC).date()
        self._rounds.get_ready()

    def _deliver(self) -> None:
        """Deliver what waits, and again where that was asked for meanwhile; one round at a time."""
        self._is_delivery_wanted.set()
        while (
            self._is_delivery_wanted.is_set()
            and not self._stopping.is_set()
            and self._delivering.acquire(blocking=False)
        ):
            try:
                self._is_delivery_wanted.clear()
                self._deliver_once()
            finally:
                self._delivering.release()

    def _deliver_once(self) -> None:
        sent = others = 0

        def tell(outcome: Delivered) -> None:
            nonlocal sent, others
            self._head_start.note_one()
            if outcome.event is OutboxEvent.ACCEPT:
                sent += 1
                return
            others += 1
            LOG.warning(
                "delivery item=%s event=%s reply=%s", outcome.item, outcome.event, outcome.reply
            )

        run(self._rounds.deliver(tell, self._stopping.is_set))
        if not sent + others:
            return
        LOG.info("delivered sent=%d others=%d", sent, others)
        self._on_delivered()
