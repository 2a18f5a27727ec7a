"""How the file of a person's document is named."""

from hashlib import sha256
from typing import Final
from urllib.parse import quote, unquote

from newsletter.model import EmailAddress
from newsletter.rules.addresses import address_key

DOCUMENT_SUFFIXES: Final = (".yaml", ".yml")
_PLAIN: Final = "@+="
_LONGEST: Final = 200
"""Octets, suffix included: file systems allow 255, and a temporary name is somewhat longer."""
_HASH_LENGTH: Final = 32


def document_file_name(address: str, suffix: str = DOCUMENT_SUFFIXES[0]) -> str:
    """Return the name of the file for `address`: one path segment in ASCII, never hidden.

    Two addresses share a name only when they are one person's (`address_key`), also where the file
    system does not tell upper from lower case: the address is folded, and what is neither letter,
    digit nor one of `.-_@+=` becomes `%2F` (RFC 3986 section 2.1), as does a first character that
    is no letter or digit. Of a name that is too long the end becomes a hash, after a `~`.
    """
    key = address_key(EmailAddress(address))
    stem = quote(key, safe=_PLAIN, errors="surrogatepass").replace("~", "%7E")
    if stem[:1] in {".", "-", "_", "@", "+", "="}:
        stem = f"%{ord(stem[0]):02X}{stem[1:]}"
    if not stem or len(stem) + len(suffix) > _LONGEST:
        digest = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_LENGTH]
        stem = f"{stem[: _LONGEST - len(suffix) - _HASH_LENGTH - 1]}~{digest}"
    return f"{stem}{suffix}"


def is_document_name(name: str) -> bool:
    """Whether a file of that name is read: it ends in .yaml or .yml and is not hidden."""
    return name.endswith(DOCUMENT_SUFFIXES) and not name.startswith(".")


def named_person(stem: str) -> str:
    """Return the text that stands for the address in the name of a file, without its suffix."""
    return unquote(stem, errors="replace")
