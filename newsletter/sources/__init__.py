"""Where entries come from: one adapter per module, each fills the port `Source`."""

from newsletter.sources.arxiv import ArxivSource
from newsletter.sources.biorxiv import BiorxivSource
from newsletter.sources.crossref import CrossrefSource
from newsletter.sources.daily_papers import DailyPapersSource
from newsletter.sources.feeds import FeedSource
from newsletter.sources.file import FileSource
from newsletter.sources.http import Machine, PoliteWeb
from newsletter.sources.openreview import OpenReviewSource
from newsletter.sources.saved_page import SavedPageSource
from newsletter.sources.semantic_scholar import SemanticScholarSource

__all__ = [
    "ArxivSource",
    "BiorxivSource",
    "CrossrefSource",
    "DailyPapersSource",
    "FeedSource",
    "FileSource",
    "Machine",
    "OpenReviewSource",
    "PoliteWeb",
    "SavedPageSource",
    "SemanticScholarSource",
]
