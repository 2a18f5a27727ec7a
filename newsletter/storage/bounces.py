"""What bounces say of addresses."""

from typing import Final

from sqlalchemy import delete, select

from newsletter.model import AddressKey
from newsletter.storage.bulk import put_rows
from newsletter.storage.columns import storable, table_of
from newsletter.storage.database import Database
from newsletter.storage.mail_tables import BounceRow

_BOUNCES: Final = table_of(BounceRow)


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
