"""Who stands at the next hop and looks into the ledger while letters arrive."""

import hashlib
import threading
from collections import Counter
from collections.abc import Mapping

from sqlalchemy import func, select

from newsletter.errors import StorageError
from newsletter.model import OutboxState
from newsletter.storage import open_database
from newsletter.storage.columns import table_of
from newsletter.storage.tables import EditionRow, OutboxRow
from newsletter.testing import ScriptedSmtpServer

PATIENCE_S = 60.0
_OUTBOX = table_of(OutboxRow)


class Witness:
    """Asks the ledger at each final dot, before it is answered, what stands there of the letter.

    `unrecorded` are recipients of letters that came although nobody had written down that they
    would. While a server is away nobody can look: what came then is looked up by `look_back`.
    """

    def __init__(self, url: str, server: ScriptedSmtpServer) -> None:
        self._database = open_database(url)
        self._arrival = threading.Condition()
        self._unseen: list[tuple[str, str]] = []
        self._count = 0
        self.unrecorded: list[str] = []
        self.port = server.port
        self.record = server.record
        self.record.witness = self._look

    def await_letters(self, count: int) -> None:
        """Wait until so many letters came."""
        with self._arrival:
            assert self._arrival.wait_for(lambda: self._count >= count, PATIENCE_S), self._count

    def look_back(self) -> None:
        """Look up what could not be seen when it came; a lease may have ended since."""
        for recipient, digest in self._unseen:
            if digest != self._standing(recipient)[1]:
                self.unrecorded.append(recipient)

    def copies(self) -> Counter[str]:
        """Return how often each recipient got a letter."""
        return Counter({who: copies.total() for who, copies in self.record.accepted.items()})

    def count(self) -> Mapping[OutboxState, int]:
        """Return how many letters stand where: exactly one state for each edition, at any moment."""
        by_state = select(_OUTBOX.c.state, func.count()).group_by(_OUTBOX.c.state)
        with self._database.reading() as connection:
            states = {OutboxState(state): n for state, n in connection.execute(by_state)}
            editions = connection.scalar(select(func.count()).select_from(table_of(EditionRow)))
        assert sum(states.values()) == editions, states
        assert states.get(OutboxState.SENT, 0) <= len(self.record.accepted), "sent, but not taken"
        return states

    def close(self) -> None:
        self._database.close()

    def _look(self, recipient: str, message: bytes) -> None:
        digest = hashlib.sha256(message).hexdigest()
        try:
            if self._standing(recipient) != (OutboxState.IN_DATA, digest):
                self.unrecorded.append(recipient)
        except StorageError:
            self._unseen.append((recipient, digest))
        with self._arrival:
            self._count += 1
            self._arrival.notify_all()

    def _standing(self, recipient: str) -> tuple[str, str | None]:
        query = select(_OUTBOX.c.state, _OUTBOX.c.message_sha256)
        with self._database.reading() as connection:
            row = connection.execute(query.where(_OUTBOX.c.recipient == recipient)).one()
        return row.state, row.message_sha256
