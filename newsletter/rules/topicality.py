"""What a source's settings make of its entries: what they count, where topics look, what they belong to.

One entry may be announced by several sources. Whatever one of them gives, it has: the greatest weight,
every field that one of them shows to topics, the topics of all. So a light source that repeats what
a heavier one announces takes nothing away from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from newsletter.model import Entry, SourceName, Topic


class EntryField(StrEnum):
    """A part of an entry in which topics look for their words."""

    TITLE = "title"
    ABSTRACT = "abstract"
    TLDR = "tldr"
    AUTHORS = "authors"
    ORGANIZATION = "organization"
    CATEGORIES = "categories"


ALL_FIELDS: Final = tuple(EntryField)
_ALL: Final = frozenset(ALL_FIELDS)


@dataclass(frozen=True, slots=True)
class SourceTopicality:
    """What topics make of the entries of one source; by default what they make of any entry."""

    weight: float = 1.0
    """What scores are multiplied by; above 0."""
    fields: frozenset[EntryField] = _ALL
    """Where topics look for their words."""
    topics: tuple[Topic, ...] = ()
    """Which topics its entries answer, whatever words are in them."""


Topicality = Mapping[SourceName, SourceTopicality]
"""Of the sources that differ from the default. So it is empty where none does, and costs nothing."""

USUAL: Final[Topicality] = MappingProxyType({})
"""No source differs."""

_DEFAULT: Final = SourceTopicality()


def differing(sources: Mapping[SourceName, SourceTopicality]) -> Topicality:
    """Return those of `sources` that differ from the default."""
    return {name: one for name, one in sources.items() if one != _DEFAULT}


def weight_of(entry: Entry, topicality: Topicality) -> float:
    """Return what the score of `entry` is multiplied by: the greatest weight among its sources.

    The greatest, since the entry would have it had that source alone announced it, and to be announced
    once more is no reason to count less. A source that is not in the config any more has weight 1.
    """
    return max((one.weight for one in _of(entry, topicality)), default=_DEFAULT.weight)


def as_topics_see(entry: Entry, topicality: Topicality) -> Entry:
    """Return `entry` without what none of its sources shows to topics; itself where that is nothing."""
    shown = frozenset[EntryField]().union(*_fields(entry, topicality))
    if shown == _ALL:
        return entry
    whole = entry.content
    part = replace(
        whole,
        title=whole.title if EntryField.TITLE in shown else "",
        abstract=whole.abstract if EntryField.ABSTRACT in shown else None,
        tldr=whole.tldr if EntryField.TLDR in shown else None,
        authors=whole.authors if EntryField.AUTHORS in shown else (),
        organization=whole.organization if EntryField.ORGANIZATION in shown else None,
        categories=whole.categories if EntryField.CATEGORIES in shown else (),
    )
    return replace(entry, content=part)


def _fields(entry: Entry, topicality: Topicality) -> Iterable[frozenset[EntryField]]:
    return [one.fields for one in _of(entry, topicality)] or [_ALL]


def _of(entry: Entry, topicality: Topicality) -> Iterable[SourceTopicality]:
    return (topicality.get(name, _DEFAULT) for name in entry.sources)
