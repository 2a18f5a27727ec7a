"""Fills every port from the config: the only room that knows every adapter."""

from newsletter.bootstrap.backing_up import back_up
from newsletter.bootstrap.checking import Checked, check_all, render_samples
from newsletter.bootstrap.doctor import examine
from newsletter.bootstrap.documents import add_document, document_of, read_documents, take_in
from newsletter.bootstrap.newsroom import Newsroom, documented, open_newsroom
from newsletter.bootstrap.relays import open_relay
from newsletter.bootstrap.retrying import redress_and_retry
from newsletter.bootstrap.unsubscribing import unsubscribe_by_token

__all__ = [
    "Checked",
    "Newsroom",
    "add_document",
    "back_up",
    "check_all",
    "document_of",
    "documented",
    "examine",
    "open_newsroom",
    "open_relay",
    "read_documents",
    "redress_and_retry",
    "render_samples",
    "take_in",
    "unsubscribe_by_token",
]
