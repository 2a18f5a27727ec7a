"""Why no letter came, said to the reader: what the owner is told names commands and servers."""

from collections.abc import Mapping
from typing import Final

from newsletter.model import EmailAddress, Silence, SilenceReason

_S: Final = SilenceReason
_OURS: Final = "The fault was on our side. Nothing is lost: what waits is tried again by itself."
_INSTEAD: Final[Mapping[SilenceReason, str]] = {
    _S.SUPPRESSED: "Mail to your address came back to us, or was marked as spam, so we write no more.",
    _S.UNCONFIRMED: "Your subscription was not confirmed.",
    _S.UNSUBSCRIBED: "You had left.",
    _S.NO_DOCUMENT: "Your preferences were not there, so we did not know what to send.",
    _S.TROUBLE: _OURS,
}
"""Reasons whose own sentence is for the owner."""
_NEXT: Final[Mapping[SilenceReason, str]] = {
    _S.NOTHING_NEW: "A letter comes with the next new entries.",
    _S.NOTHING_MATCHED: (
        "To get more, add a topic or make one wider: reply with “topics” to see which there are."
    ),
    _S.ALL_MUTED: (
        "To see such entries, take the words out of “mute” in your preferences: reply with “show”."
    ),
    _S.ALREADY_SENT: "No entry is sent twice.",
    _S.PAUSED: "To end the pause, reply with “resume”.",
    _S.NOT_DUE: "To have letters on other days, reply with “weekdays”, or “show” to see all.",
    _S.SUPPRESSED: "If your address works, and you want letters, write to OWNER.",
    _S.UNCONFIRMED: "Reply with “subscribe” to be asked once more.",
    _S.UNSUBSCRIBED: "To come back, reply with “subscribe”.",
    _S.NO_DOCUMENT: "Please write to OWNER.",
    _S.SOURCE_STALE: "What is announced late comes with a later letter.",
    _S.SOURCE_FAILED: "What was missed comes with a later letter.",
    _S.TROUBLE: "",
}


def explain_to_reader(silence: Silence, owner: EmailAddress | None) -> tuple[str, ...]:
    """Return why no letter came, and what can be done about it where there is something.

    Without `owner`, what needs one is left out.
    """
    said = _INSTEAD.get(silence.reason, silence.detail)
    following = _NEXT[silence.reason]
    if "OWNER" in following:
        following = following.replace("OWNER", owner) if owner else ""
    return (said, following) if following else (said,)
