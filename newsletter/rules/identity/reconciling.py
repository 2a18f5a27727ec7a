"""From announcements and what is stored to what must change."""

from collections.abc import Container, Iterable, Mapping, Sequence
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
from newsletter.rules.identity.filling import fill
from newsletter.rules.identity.keys import ARXIV, DOI, SOURCE, is_weak, join_keys, keys_of
from newsletter.rules.identity.merging import merge
from newsletter.rules.identity.sameness import alikeness, decide_by_keys, is_related
from newsletter.rules.identity.words import Portrait, fingerprint, portray

_MOST_COMPARED: Final = 100
"""Papers under one weak key: one that more of them share is a phrase of the trade."""
_BY_ID: Final = 10.0
_BY_SOURCE: Final = 5.0
"""Sureness: above every sureness of texts, which ends at 2."""


@dataclass(frozen=True, slots=True)
class Filed:
    """One paper of a pull: what must change, and the announcements that say so.

    `stored` is how it stands now; None: it is new.
    """

    change: EntryChange
    announcements: tuple[FetchedEntry, ...]
    stored: Entry | None = None


def reconcile(
    fetched: Sequence[FetchedEntry],
    known: Mapping[IdentityKey, Sequence[Entry]],
    *,
    low_trust: Container[SourceName] = (),
) -> tuple[EntryChange, ...]:
    """Return what `file_announcements` says must change."""
    return tuple(filed.change for filed in file_announcements(fetched, known, low_trust=low_trust))


def file_announcements(
    fetched: Sequence[FetchedEntry],
    known: Mapping[IdentityKey, Sequence[Entry]],
    *,
    low_trust: Container[SourceName] = (),
    keys: Sequence[frozenset[IdentityKey]] | None = None,
) -> tuple[Filed, ...]:
    """Return one change per distinct paper, in the order in which `fetched` first names them.

    `known` holds the stored entries under each key of `fetched` (see keys_of). Announcements of
    one paper within `fetched` are merged as well. Where several papers could be meant, an equal
    arXiv id or DOI comes first, then the source's own id, then the more alike text, then the
    earlier paper; the others stay as they are. A new paper's id is `arxiv:ID`, else `doi:DOI`,
    else `paper:` and the hash of its first title and abstract. A NewEntry names the first of
    the sources; another one in the same call is added when it announces the paper again.

    What sources of `low_trust` say only fills gaps in what the others say. Of a stored paper that
    any other source has announced, all that is stored counts as said by it. `keys` are those of
    each of `fetched`, for who had to ask for them already; None: they are made here.
    """
    desk = _Desk(known, low_trust)
    named = map(keys_of, fetched) if keys is None else keys
    papers = {paper.id: paper for paper in map(desk.file, fetched, named)}
    return tuple(
        Filed(paper.change(), tuple(paper.announcements), paper.stored) for paper in papers.values()
    )


@dataclass(slots=True)
class _Paper:
    """A paper while announcements are added to it."""

    id: EntryId
    stored: Entry | None
    number: int
    """Its place among the papers of this call; stored ones need none."""
    said: EntryContent | None
    """By sources of normal trust; None while there is none of them."""
    hint: EntryContent | None = None
    """By sources of low trust; None while there is none of them."""
    keys: frozenset[IdentityKey] = frozenset()
    sources: tuple[SourceName, ...] = ()
    topics: tuple[str, ...] = ()
    announcements: list[FetchedEntry] = field(default_factory=list)
    _portrait: Portrait | None = None

    @property
    def portrait(self) -> Portrait:
        """What of the present content is compared; made when first asked for."""
        if self._portrait is None:
            self._portrait = portray(self.content)
        return self._portrait

    @property
    def content(self) -> EntryContent:
        """What all say together."""
        if self.said and self.hint:
            return fill(self.said, self.hint)
        told = self.said or self.hint
        assert told  # noqa: S101 - a paper begins with an announcement, or with what is stored
        return told

    @property
    def seniority(self) -> tuple[bool, float, int, str]:
        """Stored papers come before new ones, each in the order in which they came."""
        old = self.stored
        if old is None:
            return (True, 0.0, self.number, self.id)
        return (False, old.first_seen_at.timestamp(), old.release_no, old.id)

    def add(
        self,
        fetched: FetchedEntry,
        keys: frozenset[IdentityKey],
        *,
        low_trust: Container[SourceName],
    ) -> None:
        """Merge one more announcement."""
        before = (self.said, self.hint)
        if fetched.source in low_trust:
            self.hint = merge(self.hint or fetched.content, fetched.content)
        else:
            self.said = merge(self.said or fetched.content, fetched.content)
        if before != (self.said, self.hint):
            self._portrait = None
        self.announcements.append(fetched)
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
    low_trust: Container[SourceName]
    by_key: dict[IdentityKey, list[_Paper]] = field(default_factory=dict)
    by_id: dict[EntryId, _Paper] = field(default_factory=dict)

    def file(self, fetched: FetchedEntry, keys: frozenset[IdentityKey]) -> _Paper:
        """Add one announcement to its paper, which may be a new one; return the paper."""
        paper = self._find(fetched, keys) or self._open(_new_id(fetched, keys))
        before = paper.keys
        paper.add(fetched, keys, low_trust=self.low_trust)
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
            is_said = not all(source in self.low_trust for source in old.sources)
            said, hint = (old.content, None) if is_said else (None, old.content)
            self.by_id[old.id] = _Paper(
                old.id, old, 0, said, hint, old.keys, old.sources, old.topics
            )
        return self.by_id[old.id]

    def _open(self, new_id: EntryId) -> _Paper:
        # A paper of that id may have been merged into something richer and less alike.
        if new_id not in self.by_id:
            self.by_id[new_id] = _Paper(new_id, None, len(self.by_id), None)
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
