"""What bounces say of addresses, and what people think of entries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select

from newsletter.model import AddressKey, EntryId, SubscriberId
from newsletter.ports import Vote
from newsletter.storage.bulk import put_rows
from newsletter.storage.columns import storable, table_of
from newsletter.storage.database import Database
from newsletter.storage.mail_tables import BounceRow, VoteRow

_BOUNCES: Final = table_of(BounceRow)
_VOTES: Final = table_of(VoteRow)
_KNOWN_VOTES: Final = (-1, 0, 1)


class Bounces:
    """The BounceBook port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def standing(self, address: AddressKey) -> str | None:
        """Return what was kept of an address; None: nothing ever bounced."""
        query = select(_BOUNCES.c.standing).where(_BOUNCES.c.address_key == address)
        with self._database.reading() as connection:
            text: str | None = connection.execute(query).scalar()
        return text

    def keep(self, address: AddressKey, text: str) -> None:
        """Remember `text` of an address, in place of what was kept before."""
        with self._database.writing() as connection:
            row = {"address_key": address, "standing": storable(text)}
            put_rows(connection, _BOUNCES, [row])

    def forget(self, address: AddressKey) -> None:
        """Remember nothing of an address any more."""
        with self._database.writing() as connection:
            connection.execute(delete(_BOUNCES).where(_BOUNCES.c.address_key == address))


class Ballots:
    """The Votes port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def vote(self, subscriber: SubscriberId, entry: EntryId, vote: int, *, now: datetime) -> None:
        """Keep a vote in place of an earlier one; 0 takes that back. Raises ValueError."""
        if vote not in _KNOWN_VOTES:
            message = f"{vote}: is no vote; there are 1, -1 and 0"
            raise ValueError(message)
        with self._database.writing() as connection:
            if vote:
                row = {"subscriber": subscriber, "entry": entry, "vote": vote, "voted_at": now}
                put_rows(connection, _VOTES, [row])
            else:
                here = (_VOTES.c.subscriber == subscriber, _VOTES.c.entry == entry)
                connection.execute(delete(_VOTES).where(*here))

    def votes(self, subscriber: SubscriberId) -> Sequence[Vote]:
        """Return the votes of a person, the oldest first."""
        query = select(_VOTES.c.entry, _VOTES.c.vote, _VOTES.c.voted_at)
        theirs = query.where(_VOTES.c.subscriber == subscriber)
        with self._database.reading() as connection:
            rows = list(connection.execute(theirs.order_by(_VOTES.c.voted_at, _VOTES.c.entry)))
        return [Vote(EntryId(entry), vote, voted_at) for entry, vote, voted_at in rows]
