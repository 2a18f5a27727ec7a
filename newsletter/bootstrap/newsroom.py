"""The ports of one newsletter, and what each workflow takes of them."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.bootstrap.clocks import SystemClock
from newsletter.bootstrap.source_terms import make_terms, make_topicality, sources_of_low_trust
from newsletter.config import (
    EMBEDDED,
    Config,
)
from newsletter.errors import ConfigError
from newsletter.model import Dressing, Limits, OutboxState, SourceName, Topic
from newsletter.ports import (
    Archive,
    BounceBook,
    BuildIndex,
    Clock,
    Correspondence,
    EntryStore,
    Figures,
    HeldEntries,
    InboundStore,
    Ledger,
    Outbox,
    Postbag,
    PreferencesStore,
    Rests,
    Source,
    SourceLog,
    SubscriberStore,
    Throttles,
    Transport,
    VectorStore,
    Votes,
)
from newsletter.rules.planning import Schedule
from newsletter.rules.topicality import Topicality
from newsletter.storage import (
    Database,
    DayCounts,
    Enquiries,
    StoredJobs,
    StoredRests,
    StoredWorkforce,
    count_open,
    count_waiting,
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
    from newsletter.workflows import WorkPorts


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
    def rests(self) -> Rests:
        """Who need not be looked at for a while."""
        return StoredRests(self.database)

    @property
    def figures(self) -> Figures:
        """Numbers for the operator."""
        return DayCounts(self.database)

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

    def publishing(self, exchange: Path | None = None) -> PublishPorts:
        """Return the ports of PUBLISH; in the folder `exchange` those who plan beside us are heard."""
        told = None
        if exchange:
            from newsletter.indexing import FolderExchange  # noqa: PLC0415 - it loads numpy

            told = FolderExchange(exchange)
        return PublishPorts(
            self.entries,
            self.ledger,
            self.outbox,
            self.log,
            self.clock,
            self.build_index,
            self.votes,
            self.rests,
            told,
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

    def count_waiting(self, most: int) -> int:
        """Return how many messages wait, `most` at the most. Raises StorageError."""
        return count_waiting(self.database, most)

    def count_open(self) -> Mapping[OutboxState, int]:
        """Return how many messages wait or are uncertain, by state. Raises StorageError."""
        return count_open(self.database)

    def show_presence(self) -> None:
        """Let a move of the database refuse from now on, also before this process sends anything.

        Nothing is moved away from a server, where a lease costs a connection. Raises StorageError.
        """
        if self.database.path is not None:
            self.database.leases.hold()

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
            Enquiries(self.database),
        )

    def working(self) -> "WorkPorts":
        """Return the ports of who works."""
        from newsletter.workflows import WorkPorts  # noqa: PLC0415 - who delivers never asks

        return WorkPorts(StoredWorkforce(self.database), StoredJobs(self.database))

    def reporting(self) -> ReportPorts:
        """Return the ports of the operator's questions."""
        return ReportPorts(self.subscribers, self.ledger, self.outbox, self.publishing())
