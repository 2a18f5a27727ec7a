"""Same paper?"""

from collections.abc import Iterable
from typing import Final

from newsletter.model import EntryContent, IdentityKey
from newsletter.rules.identity.keys import ARXIV, DOI, SOURCE
from newsletter.rules.identity.words import Portrait, containment, portray, title_similarity

# Measured on 21,592 documents: recall about 1 and no evident false merge with these three, where
# equal titles alone are wrong in 20 % and titles ≥ 90 alone in 29 % of the merges.
_ALIKE_TITLE: Final = 90.0
_ALIKE_ABSTRACT_BESIDE_TITLE: Final = 0.3
_ALIKE_ABSTRACT: Final = 0.6

_TELLING_SHINGLES: Final = 20
"""A shorter abstract ("This paper has been withdrawn …") proves nothing without the title."""
_TELLING_TITLE_WORDS: Final = 4
_RELATED_TITLE: Final = 60.0
"""Unrelated titles reach about 50."""


def is_same_paper(
    a: EntryContent,
    b: EntryContent,
    *,
    a_keys: frozenset[IdentityKey] = frozenset(),
    b_keys: frozenset[IdentityKey] = frozenset(),
) -> bool:
    """Tell whether two contents are of one paper.

    Their keys decide first: two arXiv ids that differ are two papers, whatever else is equal;
    an equal arXiv id or DOI is one paper (two DOIs may be preprint and journal). One source and
    one source id is one paper too, unless neither titles nor abstracts are related: then the
    source has given the id away again. Else the texts decide, see `alikeness`.
    """
    decided = decide_by_keys(a_keys, b_keys)
    if decided is not None:
        return decided
    one, other = portray(a), portray(b)
    shared = frozenset(_with(SOURCE, a_keys & b_keys))
    return (bool(shared) and is_related(one, other)) or alikeness(one, other) > 0


def decide_by_keys(a_keys: frozenset[IdentityKey], b_keys: frozenset[IdentityKey]) -> bool | None:
    """Return whether ids make two entries one paper; None when they do not tell."""
    one, other = set(_with(ARXIV, a_keys)), set(_with(ARXIV, b_keys))
    if one and other:
        return bool(one & other)
    return True if any(_with(DOI, a_keys & b_keys)) else None


def is_related(one: Portrait, other: Portrait) -> bool:
    """Tell whether two texts may be two states of one text."""
    return (
        title_similarity(one.title, other.title) >= _RELATED_TITLE
        or containment(one.shingles, other.shingles) >= _ALIKE_ABSTRACT_BESIDE_TITLE
    )


def alikeness(one: Portrait, other: Portrait) -> float:
    """Return how sure the texts alone make it that two papers are one, 0 when they do not.

    One paper are two of which title and abstract are alike, or long enough abstracts very much
    so. Where an abstract is missing (or has fewer than four words), the title alone is not
    enough: it must be equal, of at least four words, and an author's family name be shared.
    """
    title = title_similarity(one.title, other.title)
    if not one.shingles or not other.shingles:
        return title / 100 if _is_same_without_abstract(one, other) else 0.0
    shared = containment(one.shingles, other.shingles)
    is_long = min(len(one.shingles), len(other.shingles)) >= _TELLING_SHINGLES
    by_title = title >= _ALIKE_TITLE and shared >= _ALIKE_ABSTRACT_BESIDE_TITLE
    by_abstract = is_long and shared >= _ALIKE_ABSTRACT
    return shared + title / 100 if by_title or by_abstract else 0.0


def _is_same_without_abstract(one: Portrait, other: Portrait) -> bool:
    return (
        one.title == other.title
        and len(one.title.split()) >= _TELLING_TITLE_WORDS
        and not one.family_names.isdisjoint(other.family_names)
    )


def _with(prefix: str, keys: Iterable[IdentityKey]) -> Iterable[IdentityKey]:
    return (key for key in keys if key.startswith(prefix))
