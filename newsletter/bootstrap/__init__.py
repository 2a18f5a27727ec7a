"""Fills every port from the config: the only room that knows every adapter."""

from newsletter.bootstrap.adding_sources import (
    Addition,
    draft_source,
    find_sources,
    try_addition,
    web_for_adding,
    write_addition,
)
from newsletter.bootstrap.backing_up import back_up
from newsletter.bootstrap.checking import Checked, check_all, render_samples
from newsletter.bootstrap.demo import Demo, open_demo
from newsletter.bootstrap.disk import disk_alarms
from newsletter.bootstrap.doctor import examine
from newsletter.bootstrap.document_stores import missing_folder, watch_documents
from newsletter.bootstrap.documents import (
    add_document,
    document_of,
    read_documents,
    take_in,
    write_files,
    write_out,
)
from newsletter.bootstrap.intakes import make_intakes
from newsletter.bootstrap.mail_room import receiving
from newsletter.bootstrap.mail_sources import address_of
from newsletter.bootstrap.newsroom import Newsroom, documented, open_newsroom
from newsletter.bootstrap.page_actions import (
    confirm_by_token,
    undo_by_token,
    unsubscribe_by_token,
)
from newsletter.bootstrap.preferences_editing import (
    Account,
    account_of,
    check_documents,
    checked,
    coming_slots,
    receive_document,
    schema_for,
    topics_of,
    write_document,
)
from newsletter.bootstrap.relays import open_relay
from newsletter.bootstrap.retrying import redress_and_retry

__all__ = [
    "Account",
    "Addition",
    "Checked",
    "Demo",
    "Newsroom",
    "account_of",
    "add_document",
    "address_of",
    "back_up",
    "check_all",
    "check_documents",
    "checked",
    "coming_slots",
    "confirm_by_token",
    "disk_alarms",
    "document_of",
    "documented",
    "draft_source",
    "examine",
    "find_sources",
    "make_intakes",
    "missing_folder",
    "open_demo",
    "open_newsroom",
    "open_relay",
    "read_documents",
    "receive_document",
    "receiving",
    "redress_and_retry",
    "render_samples",
    "schema_for",
    "take_in",
    "topics_of",
    "try_addition",
    "undo_by_token",
    "unsubscribe_by_token",
    "watch_documents",
    "web_for_adding",
    "write_addition",
    "write_document",
    "write_files",
    "write_out",
]
