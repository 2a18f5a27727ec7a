"""Which texts are mail addresses that we would write to?

Stricter than RFC 5322 on purpose: no quoted local part, no comment, no address literal. Every
address that passes is printable ASCII and can stand in an envelope, a header and a log line.
"""

import re
from encodings import idna
from typing import Final, NoReturn
from unicodedata import category
from urllib.parse import quote

from newsletter.errors import AddressError
from newsletter.model import AddressKey, EmailAddress

MAX_ADDRESS_OCTETS: Final = 254
"""RFC 5321 4.5.3.1.3 allows a path of 256 octets, its angle brackets counted."""
MAX_LOCAL_OCTETS: Final = 64
"""RFC 5321 4.5.3.1.1."""
MAX_LABEL_OCTETS: Final = 63
"""RFC 1035 2.3.4."""
_MAX_MAILBOX: Final = 1000
_SHOWN: Final = 60

_DOT_ATOM: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+(?:\.[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+)*"
)
# What nearly all are like; it leaves nothing to be checked but the lengths.
_USUAL: Final = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)
_LABEL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
_MAILBOX: Final = re.compile(
    r'(?:"(?P<quoted>(?:[^"\\]|\\.)*)"\s*|(?P<plain>[^"<>\\]*))<(?P<address>[^<>]*)>'
)


def parse_address(text: str) -> EmailAddress:
    """Return `text` as an address, its domain in ASCII form (RFC 5890 A-labels).

    The local part is a dot-atom (RFC 5322 3.2.3) in ASCII: one that needs SMTPUTF8 (RFC 6531) is
    refused, because too many next hops could not take it. The case is kept. An internationalized
    domain is accepted where its ASCII form means the same domain under every version of IDNA.
    Raises AddressError with the reason.
    """
    if len(text) > MAX_ADDRESS_OCTETS:
        _refuse(text, f"longer than {MAX_ADDRESS_OCTETS} characters")
    local, at, domain = text.rpartition("@")
    if len(local) <= MAX_LOCAL_OCTETS and _USUAL.fullmatch(text):
        return EmailAddress(text)
    if not at:
        _refuse(text, "there is no @ in it")
    _check_local(text, local)
    address = f"{local}@{_ascii_domain(text, domain)}"
    if len(address) > MAX_ADDRESS_OCTETS:
        _refuse(text, f"longer than {MAX_ADDRESS_OCTETS} octets with its domain in ASCII")
    return EmailAddress(address)


def address_key(address: EmailAddress) -> AddressKey:
    """Return `address` folded for comparison.

    Case is folded, in the local part too; nothing else is merged: not dots, not +tags, and never
    look-alikes (no NFKC), because those can be somebody else.
    """
    return AddressKey(address.casefold())


def domain_of(address: EmailAddress) -> str:
    """Return the domain of `address` in lower case."""
    return address.rpartition("@")[2].lower()


def parse_mailbox(text: str) -> tuple[str, EmailAddress]:
    """Read `"Paper Round" <news@example.org>` or a bare address into (name, address).

    The name is "" for a bare address. It may stand with or without quotation marks; it holds no
    control character and no `@`, which readers would take for the address. Raises AddressError.
    """
    if len(text) > _MAX_MAILBOX:
        _refuse(text, f"longer than {_MAX_MAILBOX} characters")
    stripped = text.strip()
    if "<" not in stripped:
        return "", parse_address(stripped)
    found = _MAILBOX.fullmatch(stripped)
    if found is None:
        _refuse(text, "write it as Name <address>")
    quoted = found["quoted"]
    name = found["plain"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
    if "@" in name or not name.isprintable():
        _refuse(text, "the name before the address holds an @ or an invisible character")
    return name.strip(), parse_address(found["address"])


def mailto(address: EmailAddress, *, subject: str | None = None) -> str:
    """Return the mailto URI (RFC 6068) that writes to `address`, in printable ASCII."""
    uri = f"mailto:{quote(address, safe='@+')}"
    return uri if subject is None else f"{uri}?subject={quote(subject, safe='')}"


def _check_local(text: str, local: str) -> None:
    if not local.isascii():
        _refuse(text, "the part before the @ has letters beyond ASCII, which many servers refuse")
    if len(local) > MAX_LOCAL_OCTETS:
        _refuse(text, f"the part before the @ is longer than {MAX_LOCAL_OCTETS} characters")
    if _DOT_ATOM.fullmatch(local) is None:
        _refuse(
            text,
            "the part before the @ may hold letters, digits, single dots and !#$%&'*+-/=?^_`{|}~",
        )
    # A header reader would decode it (RFC 2047 section 5 forbids encoded words in an address).
    if "=?" in local:
        _refuse(text, 'the part before the @ holds "=?", which mail programs take for an encoding')


def _ascii_domain(text: str, domain: str) -> str:
    labels = [_ascii_label(text, label) for label in domain.split(".")]
    # RFC 3696 section 2: the last label is never all digits, so 127.0.0.1 is no domain.
    if labels[-1].isdigit():
        _refuse(text, "the domain is a number; write a name")
    return ".".join(labels)


def _ascii_label(text: str, label: str) -> str:
    ascii_label = label if label.isascii() else _a_label(text, label)
    if len(ascii_label) > MAX_LABEL_OCTETS:
        _refuse(text, f"a part of the domain is longer than {MAX_LABEL_OCTETS} octets")
    if _LABEL.fullmatch(ascii_label) is None:
        _refuse(text, "the domain may hold letters, digits, inner hyphens and single dots")
    return ascii_label


def _a_label(text: str, label: str) -> str:
    """Return the A-label of `label` where no letter of it was replaced on the way.

    IDNA 2003 (RFC 3490), which the standard library speaks, writes `ss` for a sharp s and folds
    look-alikes; IDNA 2008 (RFC 5891) does not. Where they differ, a letter could go to a stranger.
    """
    try:
        ascii_label = idna.ToASCII(label).decode("ascii")
        is_same = idna.ToUnicode(ascii_label) == label.lower() and all(map(_is_of_words, label))
    except UnicodeError:
        is_same = False
    if not is_same:
        _refuse(text, "the domain cannot be written in ASCII for certain; give its xn-- form")
    return ascii_label


def _is_of_words(character: str) -> bool:
    # An ideographic full stop, for one, would be a dot to others and a letter to us.
    return character.isalnum() or character == "-" or category(character).startswith("M")


def _refuse(text: str, reason: str) -> NoReturn:
    shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    message = f"{shown!r} is no mail address we can write to: {reason}"
    raise AddressError(message)
