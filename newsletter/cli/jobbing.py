"""`newsletter worker` on PostgreSQL: one of any number of processes that share all jobs."""

import threading

from newsletter.bootstrap import Newsroom, open_relay, receiving
from newsletter.cli.embedding import QuietReader
from newsletter.cli.errands import JobErrands
from newsletter.cli.rounds import rounds
from newsletter.cli.session import Session
from newsletter.cli.workplaces import Workplace
from newsletter.model import Queue
from newsletter.transports import MailDns
from newsletter.workers import Station, StationOrder, prepare_jobs


def run_jobs(
    session: Session,
    room: Newsroom,
    stopped: threading.Event,
    queues: frozenset[Queue],
    concurrency: int,
    place: Workplace,
) -> None:
    """Take jobs until `stopped` is set."""
    prepare_jobs(room.database)
    with open_relay(room, MailDns()) as transport:
        work = rounds(room, transport, receiving(room), stopped.is_set)
        reader = QuietReader(room, stopped.is_set)
        errands = JobErrands(room, work, reader, transport, place.board, place.span)
        station = Station(
            room.config.database_url,
            errands.errands(reads_documents=room.config.subscribers.store == "database"),
            place.board,
            StationOrder(queues, concurrency),
            stopped,
            place.span,
        )
        names = ", ".join(sorted(str(one) for one in queues))
        session.say(f"Taking jobs: {names}. Stop with Ctrl-C.")
        station.run()
