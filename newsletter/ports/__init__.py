"""What we ask of the world.

Every port has a fake in `newsletter.testing` and one contract test for all its adapters.
"""

from newsletter.ports.archive import (
    Archive,
    Deadlines,
    DeedTrace,
    EnquiryTrace,
    Forgotten,
    InboundTrace,
    KeyTrace,
    ReplyTrace,
    Traces,
)
from newsletter.ports.audit import AuditBook, AuditId, AuditLine, Deed
from newsletter.ports.bounces import BounceBook
from newsletter.ports.clock import Clock
from newsletter.ports.correspondence import Correspondence
from newsletter.ports.enquiries import Enquiry, EnquiryId, EnquiryKind, EnquiryStore
from newsletter.ports.entries import DecideChanges, EntryStore, HeldEntries
from newsletter.ports.figures import (
    Counted,
    Figures,
    MessageTally,
    PersonFound,
    QueuePlace,
    Register,
    TroubleCount,
)
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
from newsletter.ports.listings import Listings
from newsletter.ports.meaning import (
    Embedder,
    ModelId,
    TellProgress,
    TextKey,
    Vectors,
    VectorStore,
)
from newsletter.ports.partings import Parting, PartingNotice, Partings
from newsletter.ports.people import (
    DocumentChanges,
    DocumentSource,
    PreferencesStore,
    SubscriberStore,
)
from newsletter.ports.public_editions import Neighbour, PublicEditions, Shelf
from newsletter.ports.rests import Rests
from newsletter.ports.sources import Paces, Source, SourceLog, Visit, Web
from newsletter.ports.throttles import (
    AskForMailHosts,
    DecideLanes,
    Lanes,
    MailHostBook,
    PaceClock,
    Throttles,
)
from newsletter.ports.tokens import ApiTokens
from newsletter.ports.transports import BeginData, Transport
from newsletter.ports.votes import Vote, Votes
from newsletter.ports.workforce import JobBook, Workforce

__all__ = [
    "ApiTokens",
    "Archive",
    "AskForMailHosts",
    "AuditBook",
    "AuditId",
    "AuditLine",
    "BeginData",
    "BounceBook",
    "BuildIndex",
    "Clock",
    "Correspondence",
    "Counted",
    "Deadlines",
    "DecideChanges",
    "DecideLanes",
    "Deed",
    "DeedTrace",
    "DocumentChanges",
    "DocumentSource",
    "Embedder",
    "Enquiry",
    "EnquiryId",
    "EnquiryKind",
    "EnquiryStore",
    "EnquiryTrace",
    "EntryStore",
    "Figures",
    "Forgotten",
    "HeldEntries",
    "InboundStore",
    "InboundTrace",
    "Intake",
    "JobBook",
    "KeyTrace",
    "Lanes",
    "Ledger",
    "Listings",
    "MailHostBook",
    "MakeRenderer",
    "MessageTally",
    "ModelId",
    "Neighbour",
    "Outbox",
    "PaceClock",
    "Paces",
    "Parting",
    "PartingNotice",
    "Partings",
    "PersonFound",
    "Postbag",
    "PreferencesStore",
    "PublicEditions",
    "QueuePlace",
    "ReadContent",
    "Register",
    "Renderer",
    "ReplyTrace",
    "Rests",
    "Shelf",
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
    "TroubleCount",
    "VectorStore",
    "Vectors",
    "Visit",
    "Vote",
    "Votes",
    "Web",
    "Workforce",
]
