"""Every port filled from the config, for the length of one command."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.bootstrap.clocks import StandingClock, SystemClock
from newsletter.bootstrap.document_stores import make_store
from newsletter.bootstrap.lane_groups import make_groups
from newsletter.bootstrap.late_ports import late_meaning, late_sources
from newsletter.bootstrap.renderers import renderer_of
from newsletter.bootstrap.secret import read_secrets
from newsletter.bootstrap.signing import make_sign
from newsletter.bootstrap.source_terms import make_terms, make_topicality, sources_of_low_trust
from newsletter.config import (
    EMBEDDED,
    Config,
    OnUncertain,
    default_templates,
    load_config,
)
from newsletter.errors import ConfigError
from newsletter.indexing import IndexKeeper
from newsletter.model import Dressing, Limits, SourceName, Topic
from newsletter.ports import (
    Archive,
    BounceBook,
    BuildIndex,
    Clock,
    Correspondence,
    EntryStore,
    HeldEntries,
    InboundStore,
    Ledger,
    Outbox,
    Postbag,
    PreferencesStore,
    Source,
    SourceLog,
    SubscriberStore,
    Throttles,
    Transport,
    VectorStore,
    Votes,
)
from newsletter.rendering import read_templates, readable_content
from newsletter.rules.planning import Schedule
from newsletter.rules.topicality import Topicality
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
from newsletter.workflows import (
    CollectPorts,
    DeliverPorts,
    LaneGroups,
    Press,
    PrivacyPorts,
    PublishOrder,
    PublishPorts,
    ReportPorts,
    SubscribePorts,
    Traffic,
)

if TYPE_CHECKING:
    from newsletter.indexing import Meaning


@dataclass(frozen=True, slots=True)
class Newsroom:
    """All ports of one newsletter, and the operator's values that the workflows take."""

    config: Config
    config_path: Path
    clock: Clock
    database: Database
    entries: EntryStore
    held: HeldEntries
    log: SourceLog
    subscribers: SubscriberStore
    ledger: Ledger
    outbox: Outbox
    throttles: Throttles
    preferences: PreferencesStore
    make_sources: Callable[[], tuple[Source, ...]]
    press: Press
    dressing: Dressing
    build_index: BuildIndex
    correspondence: Correspondence
    inbound: InboundStore
    postbag: Postbag
    bounces: BounceBook
    votes: Votes
    archive: Archive
    vectors: VectorStore
    open_meaning: Callable[[], "Meaning | None"]
    groups: LaneGroups | None
    """Which domains share a lane, as far as it is known; None: only those grouped by hand."""

    @property
    def received(self) -> Path | None:
        """Where the trial server keeps letters; None when a real relay is configured."""
        return self.config.data / "received" if self.config.delivery.relays == EMBEDDED else None

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where entries come from. Raises ConfigError where a secret that one needs is not there."""
        return self.make_sources()

    @property
    def meaning(self) -> "Meaning | None":
        """The model of meaning, opened when first asked for; None: topics go by words alone."""
        return self.open_meaning()

    @property
    def default_topics(self) -> tuple[Topic, ...]:
        """The topics of the catalogue for people who name none."""
        return tuple(one.topic for one in self.config.catalogue().values() if one.is_default)

    @property
    def topicality(self) -> Topicality:
        """What the settings of the sources make of their entries."""
        return make_topicality(self.config)

    @property
    def intervals(self) -> Mapping[SourceName, timedelta]:
        """How often `serve` pulls each source."""
        return {name: settings.every for name, settings in self.config.sources.items()}

    def sources_named(self, names: Sequence[str]) -> tuple[Source, ...]:
        """Return the sources with these names, all for none; raises ConfigError for an unknown one."""
        known = {str(source.name): source for source in self.sources}
        unknown = [name for name in names if name not in known]
        if unknown:
            message = f"{unknown[0]}: no such source in the config; there are: {', '.join(known)}"
            raise ConfigError(message)
        return tuple(known[name] for name in names) or self.sources

    def order(self, schedule: Schedule) -> PublishOrder:
        """Return what a run is asked for, with the present templates kept for its letters."""
        revision = self.ledger.keep_dressing(self.dressing)
        return PublishOrder(revision, self.default_topics, schedule, self.topicality)

    def collecting(self) -> CollectPorts:
        """Return the ports of COLLECT."""
        settings = self.config.sources
        terms, low_trust = make_terms(settings), sources_of_low_trust(settings)
        return CollectPorts(self.entries, self.log, self.clock, terms, low_trust)

    def publishing(self) -> PublishPorts:
        """Return the ports of PUBLISH."""
        return PublishPorts(
            self.entries,
            self.ledger,
            self.outbox,
            self.log,
            self.clock,
            self.build_index,
            self.votes,
        )

    def subscribing(self) -> SubscribePorts:
        """Return the ports of SUBSCRIBE."""
        return SubscribePorts(self.subscribers, self.preferences, self.outbox, self.clock)

    def delivering(self, transport: Transport) -> DeliverPorts:
        """Return the ports of DELIVER."""
        relays = self.config.delivery.relays
        traffic = Traffic(
            self.throttles,
            SystemClock(),  # letters are paced by real time, whatever `--now` says
            self.subscribers,
            self.config.delivery.limits(),
            1 if isinstance(relays, str) else len(relays),
            self.dressing.letterhead,
            self.groups,
        )
        return DeliverPorts(
            self.outbox,
            self.ledger,
            transport,
            self.press,
            self.clock,
            random.random,
            traffic=traffic,
            correspondence=self.correspondence,
        )

    def limits_now(self) -> Limits:
        """Return the limits, with the groups of domains that are known now. Raises StorageError."""
        if self.groups is None:
            return self.config.delivery.limits()
        self.groups.look()
        return self.groups.limits

    def privacy(self) -> PrivacyPorts:
        """Return the ports of handing over, erasing and forgetting."""
        return PrivacyPorts(
            self.subscribers,
            self.preferences,
            self.ledger,
            self.outbox,
            self.archive,
            self.inbound,
            self.bounces,
            self.votes,
            self.clock,
            self.postbag,
            self.vectors,
        )

    def reporting(self) -> ReportPorts:
        """Return the ports of the operator's questions."""
        return ReportPorts(self.subscribers, self.ledger, self.outbox, self.publishing())


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
            readable_content,
        ),
        dressing=Dressing(config.letterhead(), templates),
        build_index=IndexKeeper(make_topicality(config), open_meaning),
        correspondence=Letterbox(database),
        inbound=Inbound(database),
        postbag=postbag,
        bounces=Bounces(database),
        votes=Ballots(database),
        archive=RecordArchive(database),
        vectors=vectors,
        open_meaning=open_meaning,
        groups=make_groups(config, database),
    )
