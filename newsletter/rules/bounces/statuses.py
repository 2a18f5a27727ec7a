"""What an enhanced status code says of an address (RFC 3463, its IANA registry, Microsoft's own)."""

import re
from typing import Final

from newsletter.model import BounceClass

_HARD, _SOFT, _POLICY = BounceClass.HARD, BounceClass.SOFT, BounceClass.POLICY

STATUS: Final = re.compile(r"(?<![\w.])([245])\.(\d{1,3})\.(\d{1,3})(?!\w|\.\d)")
_CODE: Final = re.compile(r"(?<![\w.#:\[])([245])\d\d(?=[ \-:,)]|$)")

_PERMANENT: Final = {
    "1.1": _HARD, "1.2": _HARD, "1.3": _HARD, "1.6": _HARD, "1.10": _HARD, "1.351": _HARD,
    "1.4": _SOFT,
    "1.7": _POLICY, "1.8": _POLICY,  # the sender's address is blamed
    "1.90": _POLICY,  # a sender's daily limit
    "2.1": _HARD, "2.2": _SOFT, "2.4": _SOFT,
    "2.3": _POLICY, "3.4": _POLICY,  # the message is too large
    "3.1": _SOFT, "3.2": _SOFT, "3.5": _SOFT,
    "4.2": _SOFT, "4.3": _SOFT, "4.5": _SOFT, "4.6": _SOFT, "4.7": _SOFT, "4.8": _SOFT,
    "4.12": _SOFT, "4.14": _SOFT, "4.300": _SOFT, "4.312": _SOFT, "4.316": _SOFT,
    "4.4": _HARD, "4.310": _HARD,  # there is no such domain
    "7.17": _HARD, "7.18": _HARD,  # RFC 7293: the address belongs to somebody else now
}  # fmt: skip
_POLICY_SUBJECTS: Final = frozenset({"6", "7"})
"""RFC 3463 section 3.7 and 3.8: what the message holds, security and policy."""


def class_of_status(status: str) -> BounceClass | None:
    """Return what `status` says of the address; None where it is too general to say anything.

    A transient one (4.x.x) that became final after days of trying is soft: the address may be
    good again.
    """
    found = STATUS.match(status)
    if found is None:
        return None
    level, subject, detail = found.groups()
    known = _PERMANENT.get(f"{subject}.{detail}")
    is_policy = known is _POLICY or (known is None and subject in _POLICY_SUBJECTS)
    if is_policy:
        return _POLICY
    if level == "5":
        return known
    return _SOFT if known is not None else None


def statuses_in(text: str) -> tuple[str, ...]:
    """Return the enhanced status codes in `text`, in their order."""
    return tuple(found[0] for found in STATUS.finditer(text))


def is_transient(text: str) -> bool:
    """Tell whether all reply codes and status codes in `text` are of the kind that passes (4xx)."""
    levels = {found[1] for found in _CODE.finditer(text)}
    levels |= {found[1] for found in STATUS.finditer(text)}
    return levels == {"4"}
