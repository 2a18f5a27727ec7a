"""Is this the same paper? Ids first, then title and abstract together, never the title alone."""

from newsletter.rules.identity.filling import fill
from newsletter.rules.identity.ids import canonical_arxiv_id, canonical_doi
from newsletter.rules.identity.keys import keys_of
from newsletter.rules.identity.merging import merge
from newsletter.rules.identity.reconciling import Filed, file_announcements, reconcile
from newsletter.rules.identity.sameness import is_same_paper
from newsletter.rules.identity.words import fingerprint

__all__ = [
    "Filed",
    "canonical_arxiv_id",
    "canonical_doi",
    "file_announcements",
    "fill",
    "fingerprint",
    "is_same_paper",
    "keys_of",
    "merge",
    "reconcile",
]
