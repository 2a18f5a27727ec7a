"""Is an entry by somebody the subscriber follows?"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import chain

from newsletter.model import Entry, EntryId, Follow, Reason, ReasonKind
from newsletter.rules.query import words


class Directory:
    """Who wrote and who published which entries, so that a name is looked for once.

    An author is compared by the whole name, folded; `Last, First` is read as `First Last`. An
    organization is the same when its words, in one run, are among the words of the other's name:
    following `nvidia` finds `NVIDIA Research`, following `amazon-agi` finds `Amazon AGI`.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(entries)
        self._known: dict[tuple[ReasonKind, str], tuple[EntryId, ...]] = {}

    def find(self, follow: Follow) -> Mapping[EntryId, tuple[Reason, ...]]:
        """Return a reason for each followed author and organization of an entry, authors first."""
        found: dict[EntryId, tuple[Reason, ...]] = {}
        wanted = (
            *((ReasonKind.AUTHOR, name) for name in follow.authors),
            *((ReasonKind.ORGANIZATION, name) for name in follow.organizations),
        )
        for kind, name in dict.fromkeys(wanted):
            for id_ in self._entries_by(kind, name):
                found[id_] = (*found.get(id_, ()), Reason(kind, name))
        return found

    def _entries_by(self, kind: ReasonKind, name: str) -> tuple[EntryId, ...]:
        known = self._known.get((kind, name))
        if known is None:
            by_name = self._authors if kind is ReasonKind.AUTHOR else self._organizations_like
            known = self._known[kind, name] = tuple(by_name(name))
        return known

    def _authors(self, name: str) -> Iterable[EntryId]:
        return dict.fromkeys(self._by_author.get(_person(name), ()))

    def _organizations_like(self, name: str) -> Iterable[EntryId]:
        asked = tuple(words(name))
        alike = (ids for known, ids in self._by_organization.items() if _names(asked, known))
        return chain.from_iterable(alike)

    @cached_property
    def _by_author(self) -> Mapping[tuple[str, ...], list[EntryId]]:
        pairs = (
            (_person(name), entry.id) for entry in self._entries for name in entry.content.authors
        )
        return _grouped(pairs)

    @cached_property
    def _by_organization(self) -> Mapping[tuple[str, ...], list[EntryId]]:
        named = ((entry.content.organization, entry.id) for entry in self._entries)
        return _grouped((tuple(words(name)), id_) for name, id_ in named if name)


def _grouped(
    pairs: Iterable[tuple[tuple[str, ...], EntryId]],
) -> Mapping[tuple[str, ...], list[EntryId]]:
    groups: dict[tuple[str, ...], list[EntryId]] = {}
    for name, id_ in pairs:
        groups.setdefault(name, []).append(id_)
    return groups


def _person(name: str) -> tuple[str, ...]:
    last, comma, first = name.partition(",")
    return tuple(words(f"{first} {last}" if comma else name))


def _names(followed_words: tuple[str, ...], organization: tuple[str, ...]) -> bool:
    """Whether `followed_words` stand in one run in `organization`, or are it but for spaces."""
    size = len(followed_words)
    if not size or not organization:
        return False
    runs = (organization[start : start + size] for start in range(len(organization) - size + 1))
    return followed_words in runs or "".join(followed_words) == "".join(organization)
