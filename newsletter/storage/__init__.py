"""Storage: what the program knows, in one database: SQLite or PostgreSQL."""

from newsletter.storage.correspondence import Letterbox
from newsletter.storage.database import Database, Migrated, open_database
from newsletter.storage.documents import Documents
from newsletter.storage.entries import Entries
from newsletter.storage.lanes import LaneStore
from newsletter.storage.leases import FileLeases, Holder, IsAlive, Leases
from newsletter.storage.ledger import SlotLedger
from newsletter.storage.outbox import MessageOutbox
from newsletter.storage.sources import SourceReports
from newsletter.storage.subscriptions import Subscribers

__all__ = [
    "Database",
    "Documents",
    "Entries",
    "FileLeases",
    "Holder",
    "IsAlive",
    "LaneStore",
    "Leases",
    "Letterbox",
    "MessageOutbox",
    "Migrated",
    "SlotLedger",
    "SourceReports",
    "Subscribers",
    "open_database",
]
