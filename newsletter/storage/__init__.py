"""Storage: what the program knows, in one database: SQLite or PostgreSQL."""

from newsletter.storage.archive import RecordArchive
from newsletter.storage.bounces import Bounces
from newsletter.storage.correspondence import Letterbox
from newsletter.storage.database import Database, Migrated, open_database
from newsletter.storage.documents import Documents
from newsletter.storage.entries import Entries
from newsletter.storage.inbound import Inbound
from newsletter.storage.lanes import LaneStore
from newsletter.storage.leases import FileLeases, Holder, IsAlive, Leases
from newsletter.storage.ledger import SlotLedger
from newsletter.storage.mail_hosts import MailHostStore
from newsletter.storage.outbox import MessageOutbox
from newsletter.storage.paces import PaceStore
from newsletter.storage.postbag import MailBag
from newsletter.storage.sources import SourceReports
from newsletter.storage.subscriptions import Subscribers
from newsletter.storage.vectors import StoredVectors
from newsletter.storage.votes import Ballots

__all__ = [
    "Ballots",
    "Bounces",
    "Database",
    "Documents",
    "Entries",
    "FileLeases",
    "Holder",
    "Inbound",
    "IsAlive",
    "LaneStore",
    "Leases",
    "Letterbox",
    "MailBag",
    "MailHostStore",
    "MessageOutbox",
    "Migrated",
    "PaceStore",
    "RecordArchive",
    "SlotLedger",
    "SourceReports",
    "StoredVectors",
    "Subscribers",
    "open_database",
]
