"""Why is an entry here? In the words of a letter, where `Why` stands before."""

from typing import Final

from newsletter.model import Reason, ReasonKind
from newsletter.rules.composing.tidy import join_words, shorten, tidy

REASON_CHARACTERS: Final = 200
_TITLE_CHARACTERS: Final = 90
SHOWN_WORDS: Final = 5
"""More words that matched tell a reader nothing new."""


def write_reason(reason: Reason) -> str:
    """Write one reason: `Guardrails: “jailbreak” and “policy”`, `Nets, a good match in meaning`.

    On one line and at most 200 characters long.
    """
    return shorten(tidy(_phrase(reason)), REASON_CHARACTERS)


def _phrase(reason: Reason) -> str:
    if reason.kind is ReasonKind.TRENDING:
        is_count = reason.subject[:1].isdigit()
        return f"trending {'with' if is_count else 'now:'} {reason.subject}"
    if reason.kind is ReasonKind.LIKED:
        return f"like “{shorten(reason.subject, _TITLE_CHARACTERS)}”, which you liked"
    if reason.kind is not ReasonKind.TOPIC:
        return f"you follow {reason.subject}"
    quoted = [f"“{word}”" for word in reason.words[:SHOWN_WORDS]]
    if reason.sureness:
        how = " in meaning" if reason.by_meaning else ""
        topic = f"{reason.subject}, a {reason.sureness} match{how}"
    else:
        topic = (
            f"{reason.subject}, by meaning" if reason.by_meaning and not quoted else reason.subject
        )
    return f"{topic}: {join_words(quoted)}" if quoted else topic
