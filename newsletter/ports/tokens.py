"""Where the tokens of the API are kept."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from newsletter.model import ApiToken


class ApiTokens(Protocol):
    """The tokens of other programs, each under a name and the hash of its text."""

    def add(self, token: ApiToken, hash_: str) -> bool:
        """Keep a token; False, and nothing is written, where the name is taken."""
        ...

    def find(self, hash_: str) -> ApiToken | None:
        """Return the token with that hash, over as it may be."""
        ...

    def all(self) -> Sequence[ApiToken]:
        """Return all tokens, by name."""
        ...

    def remove(self, name: str) -> bool:
        """Forget a token; return whether there was one of that name."""
        ...

    def touch(self, name: str, day: date) -> None:
        """Write down that a token was used on a day in UTC; an earlier day changes nothing."""
        ...
