"""The public half of a key as a TXT record (RFC 6376 section 3.6), and what is wrong with a published one."""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from newsletter.transports.dkim.keys import DkimKey

LONGEST_STRING: Final = 255
"""RFC 1035 section 3.3: what one character-string of a record holds; verifiers join them."""
_TAG_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class RecordFault:
    """Why a verifier would take our signatures for none, and what to do about it."""

    fact: str
    remedy: str


def record_name(key: DkimKey) -> str:
    """Return the name at which verifiers look for the key (RFC 6376 3.6.2.1), without a last dot."""
    return f"{key.selector}._domainkey.{key.domain}"


def public_record(key: DkimKey) -> str:
    """Return the text of the TXT record to publish for `key`."""
    return f"v=DKIM1; k={key.kind}; p={b64encode(_public_forms(key)[0]).decode()}"


def record_strings(record: str) -> tuple[str, ...]:
    """Return `record` cut into strings of at most 255 octets, as a zone file wants them."""
    return tuple(
        record[start : start + LONGEST_STRING] for start in range(0, len(record), LONGEST_STRING)
    )


def check_record(key: DkimKey, published: str) -> tuple[RecordFault, ...]:
    """Return what keeps the record `published` from vouching for signatures of `key`; () when nothing.

    `published` is one TXT record with its strings joined. Unknown tags are no fault.
    """
    tags = _read_tags(published)
    publish = f"publish this TXT record at {record_name(key)}: {public_record(key)}"
    if tags is None:
        return (RecordFault("the record is no list of tag=value", publish),)
    return tuple(RecordFault(fact, publish) for fact in _faults(key, tags))


def _faults(key: DkimKey, tags: Mapping[str, str]) -> Iterator[str]:
    if "v" in tags and (next(iter(tags)), tags["v"]) != ("v", "DKIM1"):
        yield "the record does not begin with v=DKIM1"
    if tags.get("k", "rsa") != key.kind:
        yield f"the record is not for an {key.kind} key"
    if "h" in tags and "sha256" not in _words(tags["h"]):
        yield "the record does not allow sha256 (its tag h=)"
    if "s" in tags and not {"*", "email"} & _words(tags["s"]):
        yield "the record is not for mail (its tag s=)"
    if "y" in _words(tags.get("t", "")):
        yield "the record says t=y: only a test, so verifiers take letters for unsigned"
    yield from _key_faults(key, tags.get("p"))


def _key_faults(key: DkimKey, published: str | None) -> Iterator[str]:
    if published is None:
        yield "the record holds no key (its tag p=)"
    elif not published:
        yield "the record says that the key was revoked (its tag p= is empty)"
    elif _octets(published) not in _public_forms(key):
        yield "the record holds another key than the one we sign with"


def _public_forms(key: DkimKey) -> tuple[bytes, ...]:
    """Return the public key as octets of `p=`, the form to publish first.

    RFC 8463 section 4.2 takes the bare 32 octets of an Ed25519 key. For RSA everybody publishes a
    SubjectPublicKeyInfo; RFC 6376 3.6.1 speaks of an RSAPublicKey, and verifiers take both.
    """
    if isinstance(key.private, Ed25519PrivateKey):
        return (key.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw),)
    public = key.private.public_key()
    formats = (PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1)
    return tuple(public.public_bytes(Encoding.DER, form) for form in formats)


def _octets(published: str) -> bytes | None:
    try:
        return b64decode("".join(published.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _words(value: str) -> frozenset[str]:
    return frozenset(word.strip() for word in value.split(":"))


def _read_tags(text: str) -> Mapping[str, str] | None:
    """Return the tags in their order (RFC 6376 3.2); None when it is no such list or one comes twice."""
    tags: dict[str, str] = {}
    for piece in text.strip().removesuffix(";").split(";"):
        name, equals, value = (part.strip() for part in piece.partition("="))
        if not equals or not _TAG_NAME.fullmatch(name) or name in tags:
            return None
        tags[name] = value
    return MappingProxyType(tags)
