"""Delivery reports (RFC 3464, and the forms of those who do not keep to it)."""

import re
from collections.abc import Iterator
from typing import Final

from newsletter.model import BounceClass, BounceReport, InboundMail
from newsletter.rules.bounces.judging import judge, one_line
from newsletter.rules.bounces.statuses import STATUS, statuses_in
from newsletter.rules.bounces.texts import (
    explanation,
    is_delivery_failure,
    line_of_reason,
    named_recipient,
)

_Fields = dict[str, tuple[str, ...]]

_NO_FAILURE: Final = frozenset({"delayed", "delivered", "relayed", "expanded"})
"""RFC 3464 section 2.3.3."""
_DIAGNOSIS_TYPE: Final = re.compile(r"[\w.-]{1,40}\s?;\s?")
_MILDEST: Final = (BounceClass.POLICY, BounceClass.SOFT, BounceClass.HARD)


def read_bounce(mail: InboundMail) -> BounceReport | None:
    """Return what a delivery report says of the address it is about, or None when it is no bounce.

    A report of delay, relay or success is none. Where one report names several recipients, they
    stand behind the one address that we wrote to: the mildest failure counts.
    """
    groups = _recipient_groups(mail)
    if groups:
        failed = [_report(group, mail) for group in groups if _has_failed(group)]
        return min(failed, key=lambda one: _MILDEST.index(one.kind), default=None)
    if not is_delivery_failure(mail):
        return None
    text = explanation(mail)
    return BounceReport(
        kind=judge(None, text),
        status=next(iter(statuses_in(text)), None),
        recipient=named_recipient(mail, text),
        diagnosis=one_line(line_of_reason(text)),
    )


def _recipient_groups(mail: InboundMail) -> list[_Fields]:
    """Return the groups about recipients; a report that leaves the blank line out has one of all."""
    return [
        group
        for part in mail.reports
        if part.media_type == "message/delivery-status"
        for group in part.groups
        if {"final-recipient", "original-recipient", "action", "status"} & group.keys()
    ]


def _has_failed(group: _Fields) -> bool:
    action = _word(group, "action")
    if action == "failed":
        return True
    return action not in _NO_FAILURE and _first(group, "status").strip().startswith("5")


def _report(group: _Fields, mail: InboundMail) -> BounceReport:
    status = STATUS.match(_first(group, "status").strip())
    code = None if status is None else status[0]
    diagnosis = _DIAGNOSIS_TYPE.sub("", _first(group, "diagnostic-code"), count=1)
    kind = judge(code, " ".join((_comment(group), diagnosis)))
    if kind is BounceClass.SOFT and _tells_nothing(code, diagnosis):
        kind = judge(code, explanation(mail))
    return BounceReport(kind, code, _recipient(group), one_line(diagnosis or _comment(group)))


def _tells_nothing(code: str | None, diagnosis: str) -> bool:
    """Tell whether the fields are silent, so that the text for humans is worth a look."""
    is_general = code is None or code.endswith((".0.0", ".5.0", ".1.0", ".2.0", ".3.0"))
    return is_general and not any(letter.isalpha() for letter in diagnosis)


def _comment(group: _Fields) -> str:
    """Return what stands behind the code in the Status field, where some write the reason."""
    return STATUS.sub("", _first(group, "status"), count=1).strip(" ()")


def _recipient(group: _Fields) -> str | None:
    value = _first(group, "original-recipient") or _first(group, "final-recipient")
    return value.partition(";")[2].strip("<> ") or value.strip("<> ") or None


def _word(group: _Fields, name: str) -> str:
    return next(_words(_first(group, name)), "")


def _words(value: str) -> Iterator[str]:
    yield from value.replace("(", " ").replace(";", " ").lower().split()


def _first(group: _Fields, name: str) -> str:
    return group.get(name, ("",))[0]
