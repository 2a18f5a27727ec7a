"""What of a text is given to a model: bounded, and without what is no text."""

import re
from typing import Final

_MOST_SEEN: Final = 65_536
"""Characters that are looked at at all; what lies behind them is never touched."""
_MOST_GIVEN: Final = 8_192
"""Characters that a model is given: far more than fit into 256 tokens."""
_NO_TEXT: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")


def bounded(text: str) -> str:
    """Return what a model is given of `text`; empty when there is no word in it.

    Control characters and halves of surrogate pairs are gaps between words.
    """
    plain = " ".join(_NO_TEXT.sub(" ", text[:_MOST_SEEN]).split())[:_MOST_GIVEN]
    return plain if any(sign.isalnum() for sign in plain) else ""
