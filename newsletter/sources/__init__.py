"""Where entries come from: one adapter per module, each fills the port `Source`."""

from newsletter.sources.arxiv import ArxivSource
from newsletter.sources.bibliography import Bibliography, Reference, read_bibliography
from newsletter.sources.biorxiv import BiorxivSource
from newsletter.sources.crossref import CrossrefSource
from newsletter.sources.daily_papers import DailyPapersSource
from newsletter.sources.discovery import (
    AskedOnce,
    Candidate,
    Discovery,
    discover,
    is_name,
    name_for,
)
from newsletter.sources.feeds import FeedSource
from newsletter.sources.file import FileSource
from newsletter.sources.http import Machine, PoliteWeb
from newsletter.sources.mail import MailSource, text_of
from newsletter.sources.openreview import OpenReviewSource
from newsletter.sources.saved_page import SavedPageSource
from newsletter.sources.semantic_scholar import SemanticScholarSource

__all__ = [
    "ArxivSource",
    "AskedOnce",
    "Bibliography",
    "BiorxivSource",
    "Candidate",
    "CrossrefSource",
    "DailyPapersSource",
    "Discovery",
    "FeedSource",
    "FileSource",
    "Machine",
    "MailSource",
    "OpenReviewSource",
    "PoliteWeb",
    "Reference",
    "SavedPageSource",
    "SemanticScholarSource",
    "discover",
    "is_name",
    "name_for",
    "read_bibliography",
    "text_of",
]
