"""Storage: what the program knows, in one database (SQLite)."""

from newsletter.storage.database import Database, Migrated, open_database
from newsletter.storage.entries import Entries
from newsletter.storage.leases import Holder, IsAlive, Leases
from newsletter.storage.ledger import SlotLedger
from newsletter.storage.outbox import MessageOutbox
from newsletter.storage.sources import SourceReports
from newsletter.storage.subscriptions import Subscribers

__all__ = [
    "Database",
    "Entries",
    "Holder",
    "IsAlive",
    "Leases",
    "MessageOutbox",
    "Migrated",
    "SlotLedger",
    "SourceReports",
    "Subscribers",
    "open_database",
]
