"""What people asked for on pages, until somebody has looked who they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, and_, delete, func, insert, or_, select, update

from newsletter.model import EmailAddress, Work
from newsletter.ports import Enquiry, EnquiryId, EnquiryKind
from newsletter.storage.announcing import announce
from newsletter.storage.columns import storable, table_of
from newsletter.storage.database import Database
from newsletter.storage.page_tables import EnquiryRow
from newsletter.storage.rows import take_numbers

MOST_TRIES: Final = 3
_SERIES: Final = "enquiry"

_TABLE: Final = table_of(EnquiryRow)
_OLDEST_FIRST: Final[Select[Any]] = select(_TABLE).order_by(_TABLE.c.asked_at, _TABLE.c.id)
_IS_ASIDE: Final = _TABLE.c.tries >= MOST_TRIES


class Enquiries:
    """The EnquiryStore port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(
        self,
        kind: EnquiryKind,
        address: EmailAddress,
        document: str,
        evidence: str,
        *,
        now: datetime,
    ) -> None:
        """Commit one enquiry; when this returns, it is safe. The same work whoever has the address."""
        row = {
            "kind": kind,
            "address": storable(address),
            "document": storable(document),
            "evidence": storable(evidence),
            "asked_at": now,
            "tries": 0,
            "held_until": None,
        }
        with self._database.writing() as connection:
            (number,) = take_numbers(connection, _SERIES, 1)
            connection.execute(insert(_TABLE), [{"id": number, **row}])
            announce(connection, Work.RECEIVE)

    def claim(self, limit: int, *, now: datetime, patience_until: datetime) -> Sequence[Enquiry]:
        """Take enquiries that wait, oldest first, each with its try counted.

        Nobody else gets them before `patience_until`; after three looks one is given out no more.
        """
        is_free = or_(_TABLE.c.held_until.is_(None), _TABLE.c.held_until <= now)
        waiting = _OLDEST_FIRST.where(and_(_TABLE.c.tries < MOST_TRIES, is_free)).limit(limit)
        with self._database.reading() as connection:  # asked every second: nobody waits for it
            if connection.execute(waiting.with_only_columns(_TABLE.c.id)).first() is None:
                return ()
        with self._database.writing() as connection:
            rows = connection.execute(waiting.with_for_update(skip_locked=True)).mappings().all()
            taken = _TABLE.c.id.in_([row["id"] for row in rows])
            held = {"tries": _TABLE.c.tries + 1, "held_until": patience_until}
            connection.execute(update(_TABLE).where(taken).values(**held))
        return [
            Enquiry(
                EnquiryId(row["id"]),
                EnquiryKind(row["kind"]),
                EmailAddress(row["address"]),
                row["document"],
                row["evidence"],
                row["asked_at"],
                row["tries"] + 1,
            )
            for row in rows
        ]

    def done(self, enquiry: EnquiryId) -> None:
        """Forget an enquiry; one that is unknown by now is passed over."""
        with self._database.writing() as connection:
            connection.execute(delete(_TABLE).where(_TABLE.c.id == enquiry))

    def give_back(self, enquiry: EnquiryId) -> None:
        """Let an enquiry that was claimed and not looked at be taken at once, its try not counted."""
        held = (_TABLE.c.id == enquiry, _TABLE.c.held_until.is_not(None))
        free = {"tries": _TABLE.c.tries - 1, "held_until": None}
        with self._database.writing() as connection:
            connection.execute(update(_TABLE).where(*held).values(**free))

    def aside(self) -> int:
        """Return how many are left aside after three looks."""
        with self._database.reading() as connection:
            query = select(func.count()).select_from(_TABLE).where(_IS_ASIDE)
            return int(connection.execute(query).scalar_one())

    def forget(self, before: datetime, *, waiting_before: datetime | None = None) -> int:
        """Forget what is left aside, or waits for too long, and was asked for before then."""
        old = and_(_IS_ASIDE, _TABLE.c.asked_at < before)
        if waiting_before is not None:
            old = or_(old, _TABLE.c.asked_at < waiting_before)
        with self._database.writing() as connection:
            return connection.execute(delete(_TABLE).where(old)).rowcount
