"""The tokens of the API, each under its name and the hash of its text."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, delete, or_, select, update

from newsletter.model import ApiToken, Scope
from newsletter.storage.bulk import insert_missing
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.page_tables import ApiTokenRow

_TOKENS: Final = table_of(ApiTokenRow)
_KNOWN: Final = frozenset(Scope)


class TokenBook:
    """The ApiTokens port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, token: ApiToken, hash_: str) -> bool:
        """Keep a token; False, and nothing is written, where the name is taken."""
        row = {
            "name": token.name,
            "hash": hash_,
            "scopes": " ".join(sorted(token.scopes)),
            "made_at": token.made_at,
            "ends_at": token.ends_at,
            "used_on": token.used_on,
        }
        with self._database.writing() as connection:
            insert_missing(connection, _TOKENS, [row])
            kept = select(_TOKENS.c.hash).where(_TOKENS.c.name == token.name)
            return bool(connection.execute(kept).scalar_one() == hash_)

    def find(self, hash_: str) -> ApiToken | None:
        """Return the token with that hash, over as it may be."""
        with self._database.reading() as connection:
            row = connection.execute(select(_TOKENS).where(_TOKENS.c.hash == hash_)).one_or_none()
            return _read(row) if row else None

    def all(self) -> Sequence[ApiToken]:
        """Return all tokens, by name."""
        with self._database.reading() as connection:
            return [
                _read(row) for row in connection.execute(select(_TOKENS).order_by(_TOKENS.c.name))
            ]

    def remove(self, name: str) -> bool:
        """Forget a token; return whether there was one of that name."""
        with self._database.writing() as connection:
            return bool(connection.execute(delete(_TOKENS).where(_TOKENS.c.name == name)).rowcount)

    def touch(self, name: str, day: date) -> None:
        """Write down that a token was used on a day in UTC; an earlier day changes nothing."""
        older = or_(_TOKENS.c.used_on.is_(None), _TOKENS.c.used_on < day)
        with self._database.writing() as connection:
            connection.execute(
                update(_TOKENS).where(_TOKENS.c.name == name, older).values(used_on=day)
            )


def _read(row: Row[Any]) -> ApiToken:
    """Return a token; a scope of another release is no scope here."""
    scopes = frozenset(Scope(scope) for scope in row.scopes.split() if scope in _KNOWN)
    return ApiToken(row.name, scopes, row.made_at, row.ends_at, row.used_on)
