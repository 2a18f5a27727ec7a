"""Storage: what the program knows, in one database: SQLite or PostgreSQL."""

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
from newsletter.storage.looking import count_waiting
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
    "count_waiting",
    "give_up_move",
    "move_database",
    "open_database",
    "without_password",
]
