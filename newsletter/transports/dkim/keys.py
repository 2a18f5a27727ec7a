"""Private keys: made, kept in a file, loaded, and asked to sign."""

import os
import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from newsletter.errors import ConfigError, ExitCode, NewsletterError

SMALLEST_RSA_BITS: Final = 2048
"""RFC 8301 section 3.2; large providers take less for unsigned."""
LARGEST_RSA_BITS: Final = 4096
"""RFC 8301 section 3.2: no verifier need be able to check a larger one."""
_RSA_EXPONENT: Final = 65_537
_RSA_PADDING: Final = PKCS1v15()
_SHA256_DIGEST: Final = Prehashed(SHA256())
_OWNER_ONLY: Final = 0o600
_LONGEST_NAME: Final = 253
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_NAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_MAKE_ONE: Final = 'make one with "newsletter dkim new SELECTOR"'


class KeyFileError(NewsletterError):
    """The file for a new key exists already or cannot be written."""

    exit_code = ExitCode.CANNOT_CREATE


class KeyKind(StrEnum):
    """The kind of a key, as the tag `k=` of its DNS record names it."""

    RSA = "rsa"
    ED25519 = "ed25519"


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A private key and the name under which its public half stands in the DNS.

    Names are ASCII (A-labels). Making one raises ConfigError for a name that is no domain name
    and for an RSA key of a size that not every verifier takes. Not to be pickled: each process
    loads its own.
    """

    selector: str
    domain: str
    private: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)

    def __post_init__(self) -> None:
        """Raise ConfigError where no verifier could use the signatures."""
        for what, name in (("selector", self.selector), ("domain", self.domain)):
            if not _NAME.fullmatch(name):
                example = "news.example.org" if what == "domain" else "s1"
                raise ConfigError(f"dkim: {name[:80]!r} is no {what}; write e.g. {example}")
        if len(f"{self.selector}._domainkey.{self.domain}") > _LONGEST_NAME:
            raise ConfigError(
                f"dkim: the name {self.selector}._domainkey.{self.domain} is longer than "
                f"{_LONGEST_NAME} characters; choose a shorter selector"
            )
        if self.bits is not None:
            _check_size(self.selector, self.bits)

    @property
    def kind(self) -> KeyKind:
        """The kind of the key."""
        return KeyKind.RSA if isinstance(self.private, RSAPrivateKey) else KeyKind.ED25519

    @property
    def bits(self) -> int | None:
        """The size of an RSA key; None for Ed25519, which has but one."""
        return self.private.key_size if isinstance(self.private, RSAPrivateKey) else None

    def sign_digest(self, digest: bytes) -> bytes:
        """Return the signature of a SHA-256 digest, always the same for the same digest.

        With RSA that of RFC 8017 section 8.2 (PKCS #1 v1.5); Ed25519 signs the digest as if it were
        the message (RFC 8463 section 3).
        """
        if isinstance(self.private, RSAPrivateKey):
            return self.private.sign(digest, _RSA_PADDING, _SHA256_DIGEST)
        return self.private.sign(digest)


def load_key(selector: str, domain: str, pem: str) -> DkimKey:
    """Return the key in `pem`: RSA or Ed25519, not encrypted (PKCS #8, RSA also PKCS #1).

    Raises ConfigError, never with the key in it, when it is something else or too small.
    """
    try:
        private = load_pem_private_key(pem.encode(), password=None)
    except TypeError as error:  # what the library raises when a passphrase is missing
        raise ConfigError(
            f"dkim {selector}: the private key is encrypted; keep it without a passphrase in a "
            'file of its own ("openssl pkey -in OLD -out NEW"), readable by the program alone'
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ConfigError(f"dkim {selector}: no private key in PEM; {_MAKE_ONE}") from error
    if not isinstance(private, RSAPrivateKey | Ed25519PrivateKey):
        raise ConfigError(f"dkim {selector}: neither an rsa nor an ed25519 key; {_MAKE_ONE}")
    return DkimKey(selector, domain, private)


def make_key(
    selector: str, domain: str, kind: KeyKind = KeyKind.RSA, bits: int = SMALLEST_RSA_BITS
) -> DkimKey:
    """Return a new key; `bits` is for RSA alone. Raises ConfigError as `DkimKey` does."""
    if kind is KeyKind.ED25519:
        return DkimKey(selector, domain, Ed25519PrivateKey.generate())
    _check_size(selector, bits)  # before it is made: a huge one would take minutes
    return DkimKey(selector, domain, generate_private_key(_RSA_EXPONENT, bits))


def write_key(key: DkimKey, path: Path) -> None:
    """Write the private key to a new file, readable by its owner alone (PKCS #8 in PEM).

    Raises KeyFileError when there is a file already, which is never overwritten, or it cannot be
    written; then no half of a key is left behind.
    """
    pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor = _create(path)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _unwritable(path, error) from error


def _create(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    except FileExistsError as error:
        raise KeyFileError(
            f"{path}: exists already, and a key is never overwritten; choose another selector, "
            "or another file with -o"
        ) from error
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> KeyFileError:
    return KeyFileError(f"{path}: cannot be written ({error.strerror}); name another file with -o")


def _check_size(selector: str, bits: int) -> None:
    if not SMALLEST_RSA_BITS <= bits <= LARGEST_RSA_BITS:
        raise ConfigError(
            f"dkim {selector}: an rsa key of {bits} bits, but verifiers take {SMALLEST_RSA_BITS} "
            f"to {LARGEST_RSA_BITS} (RFC 8301 section 3.2); {_MAKE_ONE}"
        )
