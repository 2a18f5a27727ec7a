"""Tokens with which other programs use the API: what each may do, and until when."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Scope(StrEnum):
    """What a token of the API may do."""

    ENTRIES_READ = "entries:read"
    EDITIONS_READ = "editions:read"
    DELIVERIES_READ = "deliveries:read"
    DELIVERIES_WRITE = "deliveries:write"
    SUBSCRIBERS_READ = "subscribers:read"
    SUBSCRIBERS_WRITE = "subscribers:write"


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token that was given out; of the token itself only a hash is stored.

    `ends_at` None: it has no end. `used_on` is the last day in UTC on which it was used, None: never.
    """

    name: str
    scopes: frozenset[Scope]
    made_at: datetime
    ends_at: datetime | None = None
    used_on: date | None = None
