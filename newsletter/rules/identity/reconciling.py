"""From announcements and what is stored to what must change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from newsletter.model import (
    Entry,
    EntryChange,
    EntryContent,
    EntryId,
    FetchedEntry,
    IdentityKey,
    KnownEntry,
    NewEntry,
    RevisedEntry,
    SourceName,
)
from newsletter.rules.identity.keys import ARXIV, DOI, SOURCE, is_weak, join_keys, keys_of
from newsletter.rules.identity.merging import merge
from newsletter.rules.identity.sameness import alikeness, decide_by_keys, is_related
from newsletter.rules.identity.words import Portrait, fingerprint, portray

_MOST_COMPARED: Final = 100
"""Papers under one weak key: one that more of them share is a phrase of the trade."""
_BY_ID: Final = 10.0
_BY_SOURCE: Final = 5.0
"""Sureness: above every sureness of texts, which ends at 2."""


def reconcile(
    fetched: Sequence[FetchedEntry], known: Mapping[IdentityKey, Sequence[Entry]]
) -> tuple[EntryChange, ...]:
    """Return one change per distinct paper, in the order in which `fetched` first names them.

    `known` holds the stored entries under each key of `fetched` (see keys_of). Announcements of
    one paper within `fetched` are merged as well. Where several papers could be meant, an equal
    arXiv id or DOI comes first, then the source's own id, then the more alike text, then the
    earlier paper; the others stay as they are. A new paper's id is `arxiv:ID`, else `doi:DOI`,
    else `paper:` and the hash of its first title and abstract. A NewEntry names the first of
    the sources; another one in the same call is added when it announces the paper again.
    """
    desk = _Desk(known)
    papers = {paper.id: paper for paper in map(desk.file, fetched)}
    return tuple(paper.change() for paper in papers.values())


@dataclass(slots=True)
class _Paper:
    """A paper while announcements are added to it."""

    id: EntryId
    stored: Entry | None
    number: int
    """Its place among the papers of this call; stored ones need none."""
    content: EntryContent
    keys: frozenset[IdentityKey] = frozenset()
    sources: tuple[SourceName, ...] = ()
    topics: tuple[str, ...] = ()
    _portrait: Portrait | None = None

    @property
    def portrait(self) -> Portrait:
        """What of the present content is compared; made when first asked for."""
        if self._portrait is None:
            self._portrait = portray(self.content)
        return self._portrait

    @property
    def seniority(self) -> tuple[bool, int, str]:
        """Stored papers come before new ones, each in the order in which they came."""
        old = self.stored
        return (False, old.release_no, old.id) if old else (True, self.number, self.id)

    def add(self, fetched: FetchedEntry, keys: frozenset[IdentityKey]) -> None:
        """Merge one more announcement."""
        content = merge(self.content, fetched.content)
        if content != self.content:
            self.content, self._portrait = content, None
        self.keys = join_keys(self.keys, keys)
        self.sources = tuple(dict.fromkeys((*self.sources, fetched.source)))
        self.topics = tuple(dict.fromkeys((*self.topics, *fetched.topics)))

    def change(self) -> EntryChange:
        """Say what must be stored."""
        old = self.stored
        if old is None:
            return NewEntry(self.id, self.content, self.sources[0], self.keys, self.topics)
        before = (old.content, old.sources, old.keys, old.topics)
        if before == (self.content, self.sources, self.keys, self.topics):
            return KnownEntry(old.id)
        return RevisedEntry(old.id, self.content, self.sources, self.keys, self.topics)


@dataclass(slots=True)
class _Desk:
    """All papers met so far, under their keys."""

    known: Mapping[IdentityKey, Sequence[Entry]]
    by_key: dict[IdentityKey, list[_Paper]] = field(default_factory=dict)
    by_id: dict[EntryId, _Paper] = field(default_factory=dict)

    def file(self, fetched: FetchedEntry) -> _Paper:
        """Add one announcement to its paper, which may be a new one; return the paper."""
        keys = keys_of(fetched)
        paper = self._find(fetched, keys) or self._open(_new_id(fetched, keys), fetched)
        before = paper.keys
        paper.add(fetched, keys)
        for key in paper.keys - before:
            self.by_key.setdefault(key, []).append(paper)
        return paper

    def _find(self, fetched: FetchedEntry, keys: frozenset[IdentityKey]) -> _Paper | None:
        mine: Portrait | None = None
        best, best_sureness = None, 0.0
        for paper in self._candidates(keys):
            sureness = _sureness_by_id(keys, paper.keys)
            if sureness is None:
                mine = mine or portray(fetched.content)
                sureness = _sureness_by_text(keys, paper, mine)
            if sureness > best_sureness:
                best, best_sureness = paper, sureness
        return best

    def _candidates(self, keys: Iterable[IdentityKey]) -> Sequence[_Paper]:
        met: dict[EntryId, _Paper] = {}
        for key in keys:
            most = _MOST_COMPARED if is_weak(key) else None
            met.update((entry.id, self._recall(entry)) for entry in self.known.get(key, ())[:most])
            met.update((paper.id, paper) for paper in self.by_key.get(key, ())[:most])
        # A set of texts has another order in every process: equal sureness goes to the earliest.
        return sorted(met.values(), key=lambda paper: paper.seniority)

    def _recall(self, old: Entry) -> _Paper:
        if old.id not in self.by_id:
            self.by_id[old.id] = _Paper(
                old.id, old, 0, old.content, old.keys, old.sources, old.topics
            )
        return self.by_id[old.id]

    def _open(self, new_id: EntryId, fetched: FetchedEntry) -> _Paper:
        # A paper of that id may have been merged into something richer and less alike.
        if new_id not in self.by_id:
            self.by_id[new_id] = _Paper(new_id, None, len(self.by_id), fetched.content)
        return self.by_id[new_id]


def _sureness_by_id(keys: frozenset[IdentityKey], others: frozenset[IdentityKey]) -> float | None:
    decided = decide_by_keys(keys, others)
    if not decided:
        return None if decided is None else 0.0
    # A preprint's id is worth more than the DOI of what it became.
    return _BY_ID + any(key.startswith(ARXIV) for key in keys & others)


def _sureness_by_text(keys: frozenset[IdentityKey], paper: _Paper, mine: Portrait) -> float:
    is_of_source = any(key.startswith(SOURCE) for key in keys & paper.keys)
    if is_of_source and is_related(mine, paper.portrait):
        return _BY_SOURCE
    return alikeness(mine, paper.portrait)


def _new_id(fetched: FetchedEntry, keys: frozenset[IdentityKey]) -> EntryId:
    for prefix in (ARXIV, DOI):
        ids = sorted(key for key in keys if key.startswith(prefix))
        if ids:
            return EntryId(ids[0])
    # Without an abstract two papers can have all their words in common: the source tells them apart.
    rest = fetched.content.abstract or f"{fetched.source} {fetched.source_id}"
    return EntryId(f"paper:{fingerprint(fetched.content.title, rest)}")
