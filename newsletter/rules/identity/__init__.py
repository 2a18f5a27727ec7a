"""Is this the same paper? Ids first, then title and abstract together, never the title alone."""

from newsletter.rules.identity.ids import canonical_arxiv_id, canonical_doi
from newsletter.rules.identity.keys import keys_of
from newsletter.rules.identity.merging import merge
from newsletter.rules.identity.reconciling import reconcile
from newsletter.rules.identity.sameness import is_same_paper
from newsletter.rules.identity.words import fingerprint

__all__ = [
    "canonical_arxiv_id",
    "canonical_doi",
    "fingerprint",
    "is_same_paper",
    "keys_of",
    "merge",
    "reconcile",
]
