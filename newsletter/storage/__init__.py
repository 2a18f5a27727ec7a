"""Storage: what the program knows, in one database (SQLite)."""

from newsletter.storage.database import Database, Migrated, open_database
from newsletter.storage.entries import Entries
from newsletter.storage.leases import Holder, IsAlive, is_alive, this_process
from newsletter.storage.ledger import SlotLedger
from newsletter.storage.outbox import MessageOutbox
from newsletter.storage.sources import SourceReports
from newsletter.storage.subscriptions import Subscribers

__all__ = [
    "Database",
    "Entries",
    "Holder",
    "IsAlive",
    "MessageOutbox",
    "Migrated",
    "SlotLedger",
    "SourceReports",
    "Subscribers",
    "is_alive",
    "open_database",
    "this_process",
]
