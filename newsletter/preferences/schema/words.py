"""One text, and nothing else, where a value is expected."""

import re
from typing import Final

from newsletter.preferences.schema.validation import quote, wrong
from newsletter.preferences.schema.wording import BENT_QUOTES, shown

_BENT: Final = re.compile(f"[{BENT_QUOTES}](.*)[{BENT_QUOTES}\"']", re.DOTALL)


def plain_text(value: object) -> str:
    """Return `value` when it is a text; a list or a mapping is none."""
    if isinstance(value, str):
        return value
    if value is None:
        raise wrong(message="is empty")
    texts = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(texts, list):
        raise wrong(message="needs a text")
    is_short = 0 < len(texts) <= 4 and all(isinstance(one, str) for one in texts)  # noqa: PLR2004
    joined = " ".join(texts) if is_short and (isinstance(value, dict) or len(texts) == 1) else ""
    kind = "keys of its own" if isinstance(value, dict) else "a list"
    advice = f"write {shown(joined)}" if joined else None
    raise wrong(f"needs a text, not {kind}", suggestion=advice)


def plain_word(value: object) -> str:
    """Return a text without the blanks around it, also those of a word processor.

    One in bent quotes is refused: YAML knows straight ones alone, so they would be part of it.
    """
    written = plain_text(value).strip()
    if found := _BENT.fullmatch(written):
        message = f"{quote(written)} has the bent quotes of a word processor"
        raise wrong(message, suggestion=f'write "{shown(found[1])}"')
    return written
