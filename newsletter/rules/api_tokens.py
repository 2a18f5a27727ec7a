"""Tokens of the API: how they look, under what they are stored, and whether one still counts."""

import re
from datetime import datetime
from hashlib import sha256
from typing import Final

from newsletter.model import ApiToken, Scope

PREFIX: Final = "nl_"
"""So that a token that got lost in a log or a repository is recognised as one."""
_TOKEN: Final = re.compile(r"nl_[a-z2-7]{32}")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@-]{0,59}")


def is_token(text: str) -> bool:
    """Whether a text has the form of a token: 160 bits in base32 after the prefix."""
    return _TOKEN.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Whether a token can be called so: up to 60 letters, digits, spaces and `._@-`."""
    return _NAME.fullmatch(text) is not None


def token_hash(text: str) -> str:
    """Return under what a token is stored: who reads the database cannot use it."""
    return sha256(text.encode()).hexdigest()


def is_in_force(token: ApiToken, now: datetime) -> bool:
    """Whether the time of a token is not over."""
    return token.ends_at is None or now < token.ends_at


def may(token: ApiToken, scope: Scope) -> bool:
    """Whether a token allows something: to write a thing is to read it too."""
    thing, _, wanted = scope.partition(":")
    writes = wanted == "read" and f"{thing}:write" in token.scopes
    return scope in token.scopes or writes
