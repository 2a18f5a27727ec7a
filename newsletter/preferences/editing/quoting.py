"""How a value is written into a document: plain where that is safe, in quotes where it is not."""

import re
from typing import Final

Value = str | None | list["Value"] | dict[str, "Value"]
"""What stands in a document: every scalar is a text, None is an empty one."""

_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9@.+_/-]*( [A-Za-z0-9@.+_/-]+)*")
_NUMBER_OR_DAY: Final = re.compile(r"[0-9]{1,12}(\.[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}|true|false")
_TIME: Final = re.compile(r"[0-9]{1,2}:[0-9]{2}")
# Words that other YAML programs would not read as texts.
_TYPED: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_UNQUOTED_KEYS: Final = frozenset(
    {"day", "at_most", "minimum_upvotes", "revisions", "learn", "weight", "pause_until"}
)
"""Keys whose numbers, days and yes or no are meant as such by other YAML programs too."""
_BLOCK_KEYS: Final = frozenset({"topics", "mute"})
"""Lists that people read from top to bottom."""
_LONGEST_FLOW: Final = 72
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def scalar(text: str, key: str = "", like: str = "") -> str:
    """Write a text on one line, so that it reads back as it is.

    `key` is the one whose value it is; `like` the quote (or none) that was there before, which is
    kept where it can hold the text.
    """
    if not like and (_is_plain(text) or (key in _UNQUOTED_KEYS and _NUMBER_OR_DAY.fullmatch(text))):
        return text
    if like == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    if like == '"' or "'" in text or not text.isprintable() or not text or _TIME.fullmatch(text):
        return '"' + "".join(map(_escaped, text)) + '"'
    return f"'{text}'"


def inline(value: Value, key: str = "", like: str = "") -> str:
    """Write a value on one line: `[one, two]`, `{name: robots, weight: 2}`; None is nothing."""
    match value:
        case None:
            return ""
        case str():
            return scalar(value, key, like)
        case list():
            return f"[{', '.join(inline(item, key) for item in value)}]"
        case dict():
            return (
                "{" + ", ".join(_pair(name, inline(one, name)) for name, one in value.items()) + "}"
            )


def block(value: Value, key: str = "") -> list[str]:
    """Write a value on lines of its own, without the indentation of the first."""
    if isinstance(value, dict) and value:
        return [line for name, one in value.items() for line in key_lines(name, one)]
    if isinstance(value, list) and value:
        return [line for item in value for line in item_lines(item, key)]
    return [inline(value, key)]


def key_lines(key: str, value: Value) -> list[str]:
    """Write a key with its value."""
    if is_inline(value, key):
        return [_pair(key, inline(value, key)).rstrip(" ")]
    return [f"{scalar(key)}:", *(f"  {line}" for line in block(value, key))]


def item_lines(value: Value, key: str) -> list[str]:
    """Write an item of the list `key`, with its dash."""
    first, *rest = block(value, key) if isinstance(value, dict) else [inline(value, key)]
    return [f"- {first}".rstrip(), *(f"  {line}" for line in rest)]


def is_inline(value: Value, key: str) -> bool:
    """Whether a value is best written beside its key."""
    if isinstance(value, list):
        is_flat = not any(isinstance(item, list | dict) for item in value)
        is_short = is_flat and len(inline(value, key)) <= _LONGEST_FLOW
        return not value or (is_short and key not in _BLOCK_KEYS)
    return not isinstance(value, dict) or not value


def _is_plain(text: str) -> bool:
    return bool(_PLAIN.fullmatch(text)) and text.lower() not in _TYPED


def _pair(key: str, value: str) -> str:
    return f"{scalar(key)}: {value}"


def _escaped(letter: str) -> str:
    """Write a letter between double quotes (YAML 1.2 section 5.7)."""
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if letter.isprintable():
        return letter
    code = ord(letter)
    if code <= 0xFF:  # noqa: PLR2004
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004
