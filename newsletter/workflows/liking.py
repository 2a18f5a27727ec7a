"""What a person likes: shown, changed, forgotten, and brought along from a reference manager."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from newsletter.model import (
    LIBRARY,
    Admission,
    Entry,
    EntryChange,
    EntryId,
    FetchedEntry,
    IdentityKey,
    KnownEntry,
    NewEntry,
    SubscriberId,
)
from newsletter.ports import Clock, EntryStore, ReadContent, Votes
from newsletter.rules.identity import (
    canonical_arxiv_id,
    canonical_doi,
    file_announcements,
    keys_of,
)
from newsletter.rules.query import words

_FEWEST_LIKED: Final = 2
_MOST_SUGGESTED: Final = 20
_PIECE: Final = 500
"""Papers of a library in one transaction."""


@dataclass(frozen=True, slots=True)
class LikingPorts:
    """What the likes of a person need of the world. `read` makes titles readable."""

    entries: EntryStore
    votes: Votes
    clock: Clock
    read: ReadContent


@dataclass(frozen=True, slots=True)
class Liked:
    """One vote: 1 more like this, -1 less. `title` is empty for an entry that is not stored (any more)."""

    entry: EntryId
    vote: int
    voted_at: datetime
    title: str
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """One paper of a library: where it stands there, its ids, and what is told of it.

    Without an `announcement` it can only be found by its ids.
    """

    place: str
    keys: tuple[IdentityKey, ...]
    announcement: FetchedEntry | None


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of a library: entries that were stored before, and those that are known from now on.

    `by_title_alone` of the latter have no abstract. `unknown` are the places of papers of which nothing is
    known but an id.
    """

    found: tuple[EntryId, ...]
    added: tuple[EntryId, ...]
    by_title_alone: int
    unknown: tuple[str, ...]


def likes_of(person: SubscriberId, ports: LikingPorts) -> Sequence[Liked]:
    """Return what a person voted on, the latest first."""
    votes = ports.votes.votes(person)
    known = ports.entries.get([one.entry for one in votes])
    return [_liked(one.entry, one.vote, one.voted_at, known, ports) for one in reversed(votes)]


def find_entries(spellings: Iterable[str], ports: LikingPorts) -> Mapping[str, EntryId | None]:
    """Return the stored entry that each text names: an entry's id, an arXiv id or a DOI, in any spelling.

    None for one that is not stored.
    """
    asked = {text: _keys_in(text) for text in spellings}
    by_id = ports.entries.get([EntryId(text) for text in asked])
    by_key = _stored_under([key for keys in asked.values() for key in keys], ports)
    return {
        text: EntryId(text)
        if EntryId(text) in by_id
        else next((by_key[key] for key in keys if key in by_key), None)
        for text, keys in asked.items()
    }


def forget_likes(
    person: SubscriberId, entries: Sequence[EntryId] | None, ports: LikingPorts
) -> int:
    """Forget what a person thinks of `entries`, of all where None; return how many votes that were."""
    known = {one.entry for one in ports.votes.votes(person)}
    gone = known if entries is None else known.intersection(entries)
    ports.votes.vote_all(person, gone, 0, now=ports.clock.now())
    return len(gone)


def take_library(
    person: SubscriberId, papers: Sequence[Named], vote: int, ports: LikingPorts
) -> TakenIn:
    """Vote for every paper of a library.

    Those that no source ever announced become known entries that are no news: no letter shows them, and
    a source may still announce them. What is stored stays as it is. Doing it twice is fine.
    """
    found: dict[EntryId, None] = {}
    added: dict[EntryId, bool] = {}
    unknown: list[str] = []
    for start in range(0, len(papers), _PIECE):
        piece = papers[start : start + _PIECE]
        for id_, change in _take_in(piece, ports).items():
            if isinstance(change, NewEntry):
                added[id_] = change.content.abstract is not None
            else:
                found[id_] = None
        stored = _stored_under([key for one in piece for key in one.keys], ports)
        for one in piece:
            ids = {stored[key] for key in one.keys if key in stored}
            if one.announcement is None:
                found.update(dict.fromkeys(ids))
                unknown += [] if ids else [one.place]
    voted = [*found, *added]
    ports.votes.vote_all(person, voted, vote, now=ports.clock.now())
    before = tuple(one for one in found if one not in added)
    bare = sum(not has_abstract for has_abstract in added.values())
    return TakenIn(before, tuple(added), bare, tuple(unknown))


def suggest_authors(
    person: SubscriberId, followed: Iterable[str], ports: LikingPorts
) -> Sequence[tuple[str, int]]:
    """Return authors of two liked entries or more who are not followed, with how many; most first.

    At most twenty. Names are compared as those that are followed are.
    """
    spellings: dict[tuple[str, ...], str] = {}
    counts: Counter[tuple[str, ...]] = Counter()
    for one in likes_of(person, ports):
        people = {_person(name): name for name in one.authors} if one.vote > 0 else {}
        people.pop((), None)
        spellings.update(people)
        counts.update(people.keys())
    known = set(map(_person, followed))
    wanted = [
        (spellings[key], count)
        for key, count in counts.items()
        if count >= _FEWEST_LIKED and key not in known
    ]
    return sorted(wanted, key=lambda one: (-one[1], one[0].casefold()))[:_MOST_SUGGESTED]


def _liked(
    entry: EntryId,
    vote: int,
    voted_at: datetime,
    known: Mapping[EntryId, Entry],
    ports: LikingPorts,
) -> Liked:
    if entry not in known:
        return Liked(entry, vote, voted_at, "")
    content = ports.read(known[entry].content)
    return Liked(entry, vote, voted_at, content.title, content.authors)


def _take_in(papers: Sequence[Named], ports: LikingPorts) -> Mapping[EntryId, EntryChange]:
    """Store what no source announced; return what was decided for each paper that tells its title."""
    told = [one.announcement for one in papers if one.announcement]
    keys = [keys_of(one) for one in told]
    decided: dict[EntryId, EntryChange] = {}

    def decide(known: Mapping[IdentityKey, Sequence[Entry]]) -> Sequence[EntryChange]:
        filed = file_announcements(told, known, low_trust={LIBRARY}, keys=keys)
        decided.clear()
        decided.update((one.change.id, _as_known(one.change)) for one in filed)
        return [one for one in decided.values() if isinstance(one, NewEntry)]

    if told:
        ports.entries.change(frozenset().union(*keys), decide, now=ports.clock.now())
    return decided


def _as_known(change: EntryChange) -> EntryChange:
    if isinstance(change, NewEntry):
        return replace(change, admission=Admission.PASSED)
    return KnownEntry(change.id)


def _stored_under(keys: Sequence[IdentityKey], ports: LikingPorts) -> Mapping[IdentityKey, EntryId]:
    """Return the entries that are stored under keys that one paper alone can have."""
    found: dict[IdentityKey, EntryId] = {}

    def look(known: Mapping[IdentityKey, Sequence[Entry]]) -> Sequence[EntryChange]:
        found.update({key: entries[0].id for key, entries in known.items() if entries})
        return ()

    if keys:
        ports.entries.change(keys, look, now=ports.clock.now())
    return found


def _keys_in(text: str) -> tuple[IdentityKey, ...]:
    arxiv, doi = canonical_arxiv_id(text), canonical_doi(text)
    keys = (f"arxiv:{arxiv[0]}" if arxiv else "", f"doi:{doi}" if doi else "")
    return tuple(IdentityKey(key) for key in keys if key)


def _person(name: str) -> tuple[str, ...]:
    last, comma, first = name.partition(",")
    return tuple(words(f"{first} {last}" if comma else name))
