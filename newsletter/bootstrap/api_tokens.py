"""The tokens of the API: made, listed, taken back."""

from base64 import b32encode
from collections.abc import Iterable, Sequence
from datetime import timedelta
from secrets import token_bytes
from typing import Final

from newsletter.bootstrap.newsroom import Newsroom
from newsletter.errors import ConfigError
from newsletter.model import ApiToken, Scope
from newsletter.rules.api_tokens import PREFIX, is_name, token_hash
from newsletter.storage import TokenBook

_TOKEN_BYTES: Final = 20


def make_token(
    room: Newsroom, name: str, scopes: Iterable[Scope], lifetime: timedelta | None
) -> str:
    """Keep a new token and return its text, which nobody can read again.

    Raises ConfigError for a name that is taken or cannot be one.
    """
    if not is_name(name):
        message = f"{name!r}: is no name for a token; use up to 60 letters, digits, spaces, ._@-"
        raise ConfigError(message)
    text = f"{PREFIX}{b32encode(token_bytes(_TOKEN_BYTES)).decode().lower()}"
    now = room.clock.now()
    token = ApiToken(name, frozenset(scopes), now, now + lifetime if lifetime else None)
    if not TokenBook(room.database).add(token, token_hash(text)):
        message = f"{name}: there is a token of this name; `newsletter tokens revoke` ends it"
        raise ConfigError(message)
    return text


def list_tokens(room: Newsroom) -> Sequence[ApiToken]:
    """Return all tokens, by name."""
    return TokenBook(room.database).all()


def revoke_token(room: Newsroom, name: str) -> bool:
    """End a token at once; return whether there was one of that name."""
    return TokenBook(room.database).remove(name)
