"""Tokens of the API in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from newsletter.model import ApiToken


class MemoryTokens:
    """The ApiTokens port."""

    def __init__(self) -> None:
        self._tokens: dict[str, tuple[str, ApiToken]] = {}

    def add(self, token: ApiToken, hash_: str) -> bool:
        """Keep a token unless its name is taken."""
        if token.name in self._tokens:
            return False
        self._tokens[token.name] = hash_, token
        return True

    def find(self, hash_: str) -> ApiToken | None:
        """Return the token with that hash."""
        return next((token for known, token in self._tokens.values() if known == hash_), None)

    def all(self) -> Sequence[ApiToken]:
        """Return all tokens, by name."""
        return [token for _, (_, token) in sorted(self._tokens.items())]

    def remove(self, name: str) -> bool:
        """Forget a token."""
        return self._tokens.pop(name, None) is not None

    def touch(self, name: str, day: date) -> None:
        """Write down a day of use."""
        if name in self._tokens:
            hash_, token = self._tokens[name]
            if token.used_on is None or token.used_on < day:
                self._tokens[name] = hash_, replace(token, used_on=day)
