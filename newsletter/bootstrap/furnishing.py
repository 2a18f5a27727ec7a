"""Every port filled from the config, for the length of one command."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from newsletter.bootstrap.clocks import StandingClock, SystemClock
from newsletter.bootstrap.document_stores import make_store
from newsletter.bootstrap.lane_groups import make_groups
from newsletter.bootstrap.late_ports import late_meaning, late_sources
from newsletter.bootstrap.newsroom import Newsroom
from newsletter.bootstrap.renderers import readable, renderer_of
from newsletter.bootstrap.secret import read_secrets
from newsletter.bootstrap.signing import make_sign
from newsletter.bootstrap.source_terms import make_topicality
from newsletter.config import (
    Config,
    OnUncertain,
    default_templates,
    load_config,
)
from newsletter.indexing import IndexKeeper
from newsletter.model import Dressing
from newsletter.ports import Clock
from newsletter.rendering import read_templates
from newsletter.storage import (
    Ballots,
    Bounces,
    Database,
    Entries,
    Inbound,
    LaneStore,
    Letterbox,
    MailBag,
    MessageOutbox,
    RecordArchive,
    SlotLedger,
    SourceReports,
    StoredVectors,
    Subscribers,
    open_database,
)
from newsletter.workflows import Press


@contextmanager
def open_newsroom(
    path: Path, *, now: datetime | None = None, embedding_threads: int | None = None
) -> Iterator[Newsroom]:
    """Yield the newsroom of the config at `path`, its database migrated.

    `now` stops the clock of the whole command at that moment. `embedding_threads` is how many make
    vectors at once; None: one for each core. Raises ConfigError with every
    problem of the config, SchemaError for a database that is newer or not ours.
    """
    config = load_config(path)
    clock = StandingClock(now) if now else SystemClock()
    database = open_database(config.database_url)
    try:
        database.migrate(now=clock.now())
        yield _furnish(config, path, clock, database, embedding_threads)
    finally:
        database.close()


def _furnish(
    config: Config, path: Path, clock: Clock, database: Database, threads: int | None
) -> Newsroom:
    entries = Entries(database)
    ledger = SlotLedger(database)
    resends = config.delivery.on_uncertain is OnUncertain.RESEND
    secrets = read_secrets(config.secret)
    templates = read_templates([default_templates(), config.templates])
    postbag, vectors = MailBag(database), StoredVectors(database)
    open_meaning = late_meaning(config, vectors, clock, threads=threads)
    return Newsroom(
        config=config,
        config_path=path,
        clock=clock,
        database=database,
        entries=entries,
        held=entries,
        log=SourceReports(database),
        subscribers=Subscribers(database, secrets),
        ledger=ledger,
        outbox=MessageOutbox(database, resend_limit=int(resends)),
        throttles=LaneStore(database),
        preferences=make_store(config, database),
        make_sources=late_sources(config, database, postbag, secrets),
        press=Press(
            entries,
            ledger,
            renderer_of,
            secrets,
            make_sign(config),
            readable,
        ),
        dressing=Dressing(config.letterhead(), templates),
        build_index=IndexKeeper(make_topicality(config), open_meaning),
        correspondence=Letterbox(database),
        inbound=Inbound(database),
        postbag=postbag,
        bounces=Bounces(database),
        votes=Ballots(database),
        archive=RecordArchive(database, secrets=secrets),
        vectors=vectors,
        open_meaning=open_meaning,
        groups=make_groups(config, database),
    )
