"""Under what a suppression stands whose address is to be forgotten: a keyed hash of the address."""

from typing import Final

from newsletter.model import AddressKey
from newsletter.rules.addresses.tokens import Secrets, sign

_PREFIX: Final = "hmac:"
"""No address begins so: a colon stands in none (RFC 5322 section 3.2.3)."""


def suppression_key(address: AddressKey, secrets: Secrets) -> AddressKey:
    """Return what stands for a forgotten address among the suppressions.

    Whoever knows an address can ask whether it is suppressed; without the instance's secret nobody
    can find an address by trying them all.
    """
    return _hidden(address, secrets.signing)


def suppression_keys(address: AddressKey, secrets: Secrets) -> tuple[AddressKey, ...]:
    """Return all that may stand for an address: one for each key of the instance, newest first."""
    return tuple(_hidden(address, key) for key in secrets.keys)


def is_suppression_key(text: str) -> bool:
    """Say whether a suppression under `text` is of a forgotten address."""
    return text.startswith(_PREFIX)


def _hidden(address: AddressKey, key: bytes) -> AddressKey:
    return AddressKey(f"{_PREFIX}{sign(key, 'suppression', address)}")
