"""The address of a source: mail that is sent there becomes entries."""

import hmac
from collections.abc import Iterable
from typing import Final

from newsletter.model import EmailAddress, SourceName
from newsletter.rules.addresses.tokens import Secrets, sign

_PURPOSE: Final = "submit"
_LENGTH: Final = 26
"""130 bits: nobody guesses the address of a source."""


def submit_address(source: SourceName, secrets: Secrets, domain: str) -> EmailAddress:
    """Return where mail for `source` is sent: the same each time, until the key changes."""
    return EmailAddress(f"{_PURPOSE}+{_token(secrets.signing, source)}@{domain}")


def read_submit_token(
    token: str, sources: Iterable[SourceName], secrets: Secrets
) -> SourceName | None:
    """Return the source whose address carries `token`, None when it is of none of `sources`.

    Upper case is accepted. Every key is tried with every source, in the same time whatever the token.
    """
    told = token.lower().encode("utf-8", "replace")
    found = [
        source
        for source in sources
        for key in secrets.keys
        if hmac.compare_digest(told, _token(key, source).encode())
    ]
    return found[0] if found else None


def _token(key: bytes, source: SourceName) -> str:
    return sign(key, _PURPOSE, source)[:_LENGTH]
