"""What is this address? A known service, a feed, a page that names feeds, a file: `discover` finds out."""

from newsletter.sources.discovery.findings import Candidate, Discovery, Setting
from newsletter.sources.discovery.naming import is_name, name_for
from newsletter.sources.discovery.once import AskedOnce
from newsletter.sources.discovery.search import discover

__all__ = [
    "AskedOnce",
    "Candidate",
    "Discovery",
    "Setting",
    "discover",
    "is_name",
    "name_for",
]
