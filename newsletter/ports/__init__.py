"""What we ask of the world.

Every port has a fake in `newsletter.testing` and one contract test for all its adapters.
"""

from newsletter.ports.archive import (
    Archive,
    Deadlines,
    Forgotten,
    InboundTrace,
    KeyTrace,
    ReplyTrace,
    Traces,
)
from newsletter.ports.bounces import BounceBook
from newsletter.ports.clock import Clock
from newsletter.ports.correspondence import Correspondence
from newsletter.ports.entries import DecideChanges, EntryStore, HeldEntries
from newsletter.ports.inbound import InboundStore, Intake, Postbag
from newsletter.ports.ledger import Ledger, Outbox, Shown
from newsletter.ports.letters import (
    BuildIndex,
    MakeRenderer,
    ReadContent,
    Renderer,
    SignMessage,
    TopicIndex,
)
from newsletter.ports.meaning import (
    Embedder,
    ModelId,
    TellProgress,
    TextKey,
    Vectors,
    VectorStore,
)
from newsletter.ports.people import (
    DocumentChanges,
    DocumentSource,
    PreferencesStore,
    SubscriberStore,
)
from newsletter.ports.sources import Paces, Source, SourceLog, Visit, Web
from newsletter.ports.throttles import (
    AskForMailHosts,
    DecideLanes,
    Lanes,
    MailHostBook,
    PaceClock,
    Throttles,
)
from newsletter.ports.transports import BeginData, Transport
from newsletter.ports.votes import Vote, Votes

__all__ = [
    "Archive",
    "AskForMailHosts",
    "BeginData",
    "BounceBook",
    "BuildIndex",
    "Clock",
    "Correspondence",
    "Deadlines",
    "DecideChanges",
    "DecideLanes",
    "DocumentChanges",
    "DocumentSource",
    "Embedder",
    "EntryStore",
    "Forgotten",
    "HeldEntries",
    "InboundStore",
    "InboundTrace",
    "Intake",
    "KeyTrace",
    "Lanes",
    "Ledger",
    "MailHostBook",
    "MakeRenderer",
    "ModelId",
    "Outbox",
    "PaceClock",
    "Paces",
    "Postbag",
    "PreferencesStore",
    "ReadContent",
    "Renderer",
    "ReplyTrace",
    "Shown",
    "SignMessage",
    "Source",
    "SourceLog",
    "SubscriberStore",
    "TellProgress",
    "TextKey",
    "Throttles",
    "TopicIndex",
    "Traces",
    "Transport",
    "VectorStore",
    "Vectors",
    "Visit",
    "Vote",
    "Votes",
    "Web",
]
