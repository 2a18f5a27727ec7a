"""Reports that somebody called our mail spam (RFC 5965, and the older form of one provider)."""

import re
from dataclasses import dataclass
from typing import Final

from newsletter.model import InboundMail, ReportPart

_ABUSE: Final = frozenset({"abuse", "opt-out", "opt-out-list"})
"""RFC 5965 section 7.3 and its drafts: the reader wants no more. The others report something else."""
_URI: Final = re.compile(r"<([^<>\s]{1,2000})>")
_ID: Final = re.compile(r"<?([!-;=?-~]{1,250}@[!-;=?-~]{1,250})>?")
_OLD_FORM: Final = re.compile(r"complaint about message from ", re.IGNORECASE)
_OLD_RECIPIENT: Final = "x-hmxmroriginalrecipient"


@dataclass(frozen=True, slots=True)
class ComplaintReport:
    """What a complaint says of one message of ours.

    `recipient` is as the report names it, often left out for privacy. `senders` are the envelope
    senders and `unsubscribe_uris` the List-Unsubscribe addresses of the reported message: either
    can carry a token of ours. `message_id` has its angle brackets.
    """

    feedback_type: str
    recipient: str | None
    message_id: str | None
    senders: tuple[str, ...] = ()
    unsubscribe_uris: tuple[str, ...] = ()

    @property
    def is_abuse(self) -> bool:
        """Whether the reader called it spam, or wants no more of it; `not-spam` says the contrary."""
        return self.feedback_type in _ABUSE


def read_complaint(mail: InboundMail) -> ComplaintReport | None:
    """Return what `mail` complains of, or None when it is no complaint."""
    report = _merged(mail, "message/feedback-report")
    original = _merged(mail, "message/rfc822") | _merged(mail, "text/rfc822-headers")
    if report:
        return _complaint(_first(report, "feedback-type").lower(), report, original)
    if _OLD_FORM.match(mail.subject) and _OLD_RECIPIENT in original:
        return _complaint("abuse", {"original-rcpt-to": original[_OLD_RECIPIENT]}, original)
    return None


def _complaint(
    feedback_type: str,
    report: dict[str, tuple[str, ...]],
    original: dict[str, tuple[str, ...]],
) -> ComplaintReport:
    recipient = _first(report, "original-rcpt-to") or _first(report, "removal-recipient")
    message_id = _ID.fullmatch(_first(original, "message-id"))
    senders = (_first(report, "original-mail-from"), _first(original, "return-path"))
    named = (address.strip("<> ") for address in senders)
    return ComplaintReport(
        feedback_type=feedback_type,
        recipient=recipient.rpartition(";")[2].strip("<> ") or None,
        message_id=None if message_id is None else f"<{message_id[1]}>",
        senders=tuple(dict.fromkeys(address for address in named if address)),
        unsubscribe_uris=tuple(_URI.findall(_first(original, "list-unsubscribe"))),
    )


def _merged(mail: InboundMail, media_type: str) -> dict[str, tuple[str, ...]]:
    """Return the fields of the first part of that type that has any."""
    parts = (part for part in mail.reports if part.media_type == media_type)
    return next(filter(None, map(_fields, parts)), {})


def _fields(part: ReportPart) -> dict[str, tuple[str, ...]]:
    merged: dict[str, tuple[str, ...]] = {}
    for group in part.groups:
        merged = group | merged  # what stands first counts
    return merged


def _first(fields: dict[str, tuple[str, ...]], name: str) -> str:
    return fields.get(name, ("",))[0]
