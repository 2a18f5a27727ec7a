"""What people think of entries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select

from newsletter.model import EntryId, SubscriberId
from newsletter.ports import Vote
from newsletter.storage.bulk import put_rows
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.mail_tables import VoteRow
from newsletter.storage.rows import pieces, tuples_in

_VOTES: Final = table_of(VoteRow)
_KNOWN_VOTES: Final = (-1, 0, 1)
_OF_PEOPLE: Final = select(_VOTES.c.subscriber, _VOTES.c.entry, _VOTES.c.vote, _VOTES.c.voted_at)


class Ballots:
    """The Votes port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def vote(self, subscriber: SubscriberId, entry: EntryId, vote: int, *, now: datetime) -> None:
        """Keep a vote in place of an earlier one; 0 takes that back. Raises ValueError."""
        self.vote_all(subscriber, [entry], vote, now=now)

    def vote_all(
        self, subscriber: SubscriberId, entries: Iterable[EntryId], vote: int, *, now: datetime
    ) -> None:
        """Keep a vote for each of `entries`, or take the earlier ones back; all or none."""
        if vote not in _KNOWN_VOTES:
            message = f"{vote}: is no vote; there are 1, -1 and 0"
            raise ValueError(message)
        with self._database.writing() as connection:
            for some in pieces(dict.fromkeys(entries)):
                if vote:
                    _keep(connection, subscriber, some, vote, now)
                else:
                    here = (_VOTES.c.subscriber == subscriber, _VOTES.c.entry.in_(some))
                    connection.execute(delete(_VOTES).where(*here))

    def votes(self, subscriber: SubscriberId) -> Sequence[Vote]:
        """Return the votes of a person, the oldest first."""
        return self.votes_of([subscriber]).get(subscriber, ())

    def votes_of(
        self, subscribers: Iterable[SubscriberId]
    ) -> Mapping[SubscriberId, Sequence[Vote]]:
        """Return the votes of many people, in one statement for ten thousand of them."""
        found: defaultdict[SubscriberId, list[Vote]] = defaultdict(list)
        with self._database.reading() as connection:
            for person, entry, vote, voted_at in tuples_in(
                connection, _OF_PEOPLE, _VOTES.c.subscriber, subscribers
            ):
                found[SubscriberId(person)].append(Vote(EntryId(entry), vote, voted_at))
        for votes in found.values():
            votes.sort(key=lambda one: (one.voted_at, one.entry))
        return dict(found)


def _keep(
    connection: Connection,
    subscriber: SubscriberId,
    entries: Sequence[EntryId],
    vote: int,
    now: datetime,
) -> None:
    """Write votes that are new or changed; one that says the same already stays as old as it is."""
    same = select(_VOTES.c.entry).where(
        _VOTES.c.subscriber == subscriber, _VOTES.c.entry.in_(entries), _VOTES.c.vote == vote
    )
    kept = set(connection.execute(same).scalars())
    rows = [
        {"subscriber": subscriber, "entry": entry, "vote": vote, "voted_at": now}
        for entry in entries
        if entry not in kept
    ]
    put_rows(connection, _VOTES, rows)
