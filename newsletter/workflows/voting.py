"""What a reader thinks of the entries of a letter, said on a page that the letter links to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from newsletter.model import (
    Edition,
    EditionId,
    Entry,
    EntryId,
    Subscriber,
    SubscriptionState,
)
from newsletter.ports import Clock, EntryStore, Ledger, ReadContent, SubscriberStore, Votes
from newsletter.rules.addresses import Secrets, read_ballot
from newsletter.rules.composing import shorten, tidy, write_reason

_TITLE_CHARACTERS: Final = 400


@dataclass(frozen=True, slots=True)
class VotePorts:
    """What voting needs of the world. `read` makes titles readable."""

    subscribers: SubscriberStore
    ledger: Ledger
    entries: EntryStore
    votes: Votes
    clock: Clock
    secrets: Secrets
    read: ReadContent


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a letter that can be voted on.

    `number` is the one it has in the letter, `why` the reason that the letter gave, empty where
    it is forgotten. `vote` is 1 for more like this, -1 for less, 0 for none so far.
    """

    number: int
    title: str
    why: str
    vote: int


@dataclass(frozen=True, slots=True)
class BallotPaper:
    """The entries of one letter. `counts` is whether the reader lets votes change the letters."""

    choices: tuple[Choice, ...]
    counts: bool


@dataclass(frozen=True, slots=True)
class _Letter:
    person: Subscriber
    edition: EditionId
    entries: Sequence[EntryId]


def look_at_ballot(
    token: str, ports: VotePorts, *, number: int | None = None
) -> BallotPaper | None:
    """Return the entries of the letter that a token stands in, or the one with that number.

    None for a token that was not signed here, whose reader is no subscriber (any more) or whose letter
    is not known, and for a number that the letter has not. Changes nothing.
    """
    letter = _letter_of(token, ports)
    if letter is None:
        return None
    kept = _kept(letter, number)
    if not kept:
        return None
    known = ports.entries.get(kept.values())
    editions = ports.ledger.editions([letter.edition])
    why = _reasons(editions[letter.edition]) if editions else {}
    votes = {one.entry: one.vote for one in ports.votes.votes(letter.person.id)}
    choices = tuple(
        Choice(place, _title(known.get(entry), ports), why.get(entry, ""), votes.get(entry, 0))
        for place, entry in kept.items()
    )
    preferences = letter.person.preferences
    return BallotPaper(choices, counts=preferences is None or preferences.learns)


def vote_by_letter(token: str, number: int, vote: int, ports: VotePorts) -> bool:
    """Keep a vote, or with 0 take it back; return whether there is such an entry, as for a look.

    Doing it twice is fine. Raises ValueError for another vote than 1, -1 and 0.
    """
    letter = _letter_of(token, ports)
    if letter is None:
        return False
    entries = _kept(letter, number).values()
    ports.votes.vote_all(letter.person.id, entries, vote, now=ports.clock.now())
    return bool(entries)


def _letter_of(token: str, ports: VotePorts) -> _Letter | None:
    ballot = read_ballot(token, ports.secrets)
    person = ports.subscribers.get(ballot.subscriber) if ballot else None
    if ballot is None or person is None or person.state is not SubscriptionState.CONFIRMED:
        return None
    shown = ports.ledger.entries_in(person.id, ballot.edition)
    return _Letter(person, *shown) if shown else None


def _kept(letter: _Letter, number: int | None) -> Mapping[int, EntryId]:
    numbered = dict(enumerate(letter.entries, 1))
    if number is None:
        return numbered
    return {number: numbered[number]} if number in numbered else {}


def _reasons(edition: Edition) -> Mapping[EntryId, str]:
    every = (*edition.matches, *edition.also_matched)
    return {one.entry: " · ".join(map(write_reason, one.reasons)) for one in every}


def _title(entry: Entry | None, ports: VotePorts) -> str:
    title = tidy(ports.read(entry.content).title) if entry else ""
    return shorten(title, _TITLE_CHARACTERS) or "Untitled"
