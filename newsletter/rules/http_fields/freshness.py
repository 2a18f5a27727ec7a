"""How long a page need not be asked for again."""

from datetime import timedelta
from typing import Final

_LONGEST_FIELD: Final = 1_000
_LONGEST: Final = timedelta(days=365)
_NOT_AT_ALL: Final = frozenset({"no-cache", "no-store"})


def fresh_for(cache_control: str | None, age: str | None = None) -> timedelta | None:
    """Return for how long Cache-Control calls a page fresh (RFC 9111 section 5.2), from its arrival.

    Zero for `no-cache`, `no-store` and a `max-age` that cannot be read, which counts as stale
    (section 4.2.1); None where nothing is said. `age` is the field Age: what a cache on the way has
    used up already. At most a year.
    """
    if cache_control is None or len(cache_control) > _LONGEST_FIELD:
        return None
    directives = [one.strip().lower() for one in cache_control.split(",")]
    if any(one.partition("=")[0].strip() in _NOT_AT_ALL for one in directives):
        return timedelta(0)
    ages = [one.partition("=")[2] for one in directives if one.partition("=")[0] == "max-age"]
    if not ages:
        return None
    return max(min(map(_seconds, ages)) - _seconds(age or ""), timedelta(0))


def _seconds(text: str) -> timedelta:
    digits = text.strip().strip('"')
    is_number = digits.isascii() and digits.isdigit()
    return min(timedelta(seconds=int(digits[:9])), _LONGEST) if is_number else timedelta(0)
