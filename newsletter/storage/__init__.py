"""Storage: what the program knows, in one database: SQLite or PostgreSQL."""

from typing import TYPE_CHECKING, Final

from newsletter.doors import hand_out

if TYPE_CHECKING:
    from newsletter.storage.api_tokens import TokenBook
    from newsletter.storage.archive import RecordArchive
    from newsletter.storage.audit import Audit
    from newsletter.storage.bounces import Bounces
    from newsletter.storage.correspondence import Letterbox
    from newsletter.storage.database import Database, Migrated, open_database
    from newsletter.storage.day_counts import DayCounts
    from newsletter.storage.documents import Documents
    from newsletter.storage.enquiries import Enquiries
    from newsletter.storage.entries import Entries
    from newsletter.storage.inbound import Inbound
    from newsletter.storage.jobs import StoredJobs
    from newsletter.storage.lanes import LaneStore
    from newsletter.storage.leases import FileLeases, Holder, IsAlive, Leases
    from newsletter.storage.ledger import SlotLedger
    from newsletter.storage.listings import StoredListings
    from newsletter.storage.looking import count_open, count_waiting
    from newsletter.storage.mail_hosts import MailHostStore
    from newsletter.storage.migrations import NEWEST_SCHEMA
    from newsletter.storage.moving import Moved, TableMoved, Tally, give_up_move, move_database
    from newsletter.storage.outbox import MessageOutbox
    from newsletter.storage.paces import PaceStore
    from newsletter.storage.partings import LetterPartings
    from newsletter.storage.postbag import MailBag
    from newsletter.storage.postgresql import connection_options, without_password
    from newsletter.storage.public_editions import PublicEditionStore
    from newsletter.storage.register import LookUps
    from newsletter.storage.resting import StoredRests
    from newsletter.storage.sources import SourceReports
    from newsletter.storage.subscriptions import Subscribers
    from newsletter.storage.vectors import StoredVectors
    from newsletter.storage.votes import Ballots
    from newsletter.storage.workforce import StoredWorkforce

_LATE: Final = {
    "api_tokens": ("TokenBook",),
    "archive": ("RecordArchive",),
    "audit": ("Audit",),
    "bounces": ("Bounces",),
    "correspondence": ("Letterbox",),
    "database": ("Database", "Migrated", "open_database"),
    "day_counts": ("DayCounts",),
    "documents": ("Documents",),
    "enquiries": ("Enquiries",),
    "entries": ("Entries",),
    "inbound": ("Inbound",),
    "jobs": ("StoredJobs",),
    "lanes": ("LaneStore",),
    "leases": ("FileLeases", "Holder", "IsAlive", "Leases"),
    "ledger": ("SlotLedger",),
    "listings": ("StoredListings",),
    "looking": ("count_open", "count_waiting"),
    "mail_hosts": ("MailHostStore",),
    "migrations": ("NEWEST_SCHEMA",),
    "moving": ("Moved", "TableMoved", "Tally", "give_up_move", "move_database"),
    "outbox": ("MessageOutbox",),
    "paces": ("PaceStore",),
    "partings": ("LetterPartings",),
    "postbag": ("MailBag",),
    "postgresql": ("connection_options", "without_password"),
    "public_editions": ("PublicEditionStore",),
    "register": ("LookUps",),
    "resting": ("StoredRests",),
    "sources": ("SourceReports",),
    "subscriptions": ("Subscribers",),
    "vectors": ("StoredVectors",),
    "votes": ("Ballots",),
    "workforce": ("StoredWorkforce",),
}
"""Each command loads the stores that it uses."""

__all__ = [
    "NEWEST_SCHEMA",
    "Audit",
    "Ballots",
    "Bounces",
    "Database",
    "DayCounts",
    "Documents",
    "Enquiries",
    "Entries",
    "FileLeases",
    "Holder",
    "Inbound",
    "IsAlive",
    "LaneStore",
    "Leases",
    "LetterPartings",
    "Letterbox",
    "LookUps",
    "MailBag",
    "MailHostStore",
    "MessageOutbox",
    "Migrated",
    "Moved",
    "PaceStore",
    "PublicEditionStore",
    "RecordArchive",
    "SlotLedger",
    "SourceReports",
    "StoredJobs",
    "StoredListings",
    "StoredRests",
    "StoredVectors",
    "StoredWorkforce",
    "Subscribers",
    "TableMoved",
    "Tally",
    "TokenBook",
    "connection_options",
    "count_open",
    "count_waiting",
    "give_up_move",
    "move_database",
    "open_database",
    "without_password",
]


if not TYPE_CHECKING:  # else every wrong name would look right to the checker

    def __getattr__(name: str) -> object:
        """Hand out what stands in a module that is loaded only when it is asked for."""
        return hand_out(__name__, _LATE, name)
