"""The tokens on a page by which whoever pressed takes it back, and the names of daily notices.

A token is `EDITION` + `KEY` + `MOMENT` + `MAC` in base32: 20 + 2 + 11 + 26 = 59 characters. It is derived
and never stored: that a subscription ended by this letter at this moment is what the database knows.
"""

import hmac
import re
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from newsletter.model import EditionId, SubscriberId
from newsletter.rules.addresses.tokens import EDITION_LENGTH, Secrets, sign

_PURPOSE: Final = "undo"
_NOTICE: Final = "notice-of-less"
_MAC_LENGTH: Final = 26
_MOMENT_LENGTH: Final = 11
"""55 bits of microseconds: until the year 3111."""
_NAME_LENGTH: Final = 20
_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"
_VALUES: Final = {letter: value for value, letter in enumerate(_ALPHABET)}
_BITS: Final = 5
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_TOKEN: Final = re.compile(
    rf"(?P<edition>[a-z2-7]{{{EDITION_LENGTH}}})(?P<key>[a-z2-7]{{2}})"
    rf"(?P<moment>[a-z2-7]{{{_MOMENT_LENGTH}}})(?P<mac>[a-z2-7]{{{_MAC_LENGTH}}})"
)


class Undoing(NamedTuple):
    """What a token takes back: the end of a subscription by the link of `edition` at `left_at`."""

    edition: EditionId
    left_at: datetime


def undo_token(undoing: Undoing, secrets: Secrets) -> str:
    """Return the token of one end; the same each time, until the key changes."""
    moment = _write(undoing.left_at)
    mac = _signature(secrets.signing, undoing.edition, moment)
    return f"{undoing.edition}{secrets.key_ids[0]}{moment}{mac}"


def read_undo_token(token: str, secrets: Secrets) -> Undoing | None:
    """Return what `token` takes back; None when it was not signed here.

    Upper case is accepted. Every key is tried, and each comparison takes the same time whatever
    the signature.
    """
    found = _TOKEN.fullmatch(token.lower()) if token.isascii() else None
    if found is None:
        return None
    edition, moment = EditionId(found["edition"]), found["moment"]
    signed = [
        hmac.compare_digest(found["key"], key_id)
        & hmac.compare_digest(found["mac"], _signature(key, edition, moment))
        for key, key_id in zip(secrets.keys, secrets.key_ids, strict=True)
    ]
    return Undoing(edition, _read(moment)) if any(signed) else None


def daily_notice(subscriber: SubscriberId, day: date, secrets: Secrets) -> str:
    """Return how the Message-ID begins of the one notice of a day that somebody gets less: 100 bits."""
    return sign(secrets.signing, _NOTICE, subscriber, day.isoformat())[:_NAME_LENGTH]


def _signature(key: bytes, edition: EditionId, moment: str) -> str:
    return sign(key, _PURPOSE, edition, moment)[:_MAC_LENGTH]


def _write(moment: datetime) -> str:
    number = (moment - _EPOCH) // _MICROSECOND
    shifts = reversed(range(0, _BITS * _MOMENT_LENGTH, _BITS))
    return "".join(_ALPHABET[number >> shift & (len(_ALPHABET) - 1)] for shift in shifts)


def _read(text: str) -> datetime:
    number = 0
    for letter in text:
        number = number << _BITS | _VALUES[letter]
    return _EPOCH + number * _MICROSECOND
