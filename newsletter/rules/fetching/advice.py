"""What an operator can do about a page that did not come."""

from typing import Final

AGAIN: Final = "the next pull asks again"
SLOW: Final = f"{AGAIN}; if it stays slow, raise `deadline`"
LESS: Final = "look whether the address is right, or ask for less"
_NO_ENTRY: Final = frozenset({401, 403})
_ABSENT: Final = frozenset({404, 410})
_PASSING: Final = frozenset({408, 425, 429})
_THEIRS: Final = 500


def advice(status: int) -> str:
    """Return what to do about an answer that is an error."""
    if status in _NO_ENTRY:
        return "it lets nobody in without a login or a key that it knows"
    if status in _ABSENT:
        return "nothing is there: look at the settings of this source"
    if status in _PASSING or status >= _THEIRS:
        return AGAIN
    return "it refuses what is asked: look at the settings of this source"
