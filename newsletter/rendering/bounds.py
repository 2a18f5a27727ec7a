"""How large a value may a template make?

A text of a gigabyte takes nine characters to ask for, and would take the machine down with it. So
what makes large values out of small ones is looked at: before, by its numbers and lengths, where
it would be too late afterwards, and after, by the size of what came out.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from types import GeneratorType
from typing import Any, Final, NoReturn, TypeVar

from jinja2.exceptions import SecurityError

LARGEST_VALUE: Final = 200_000
"""Characters of a text, members of a list: twice the HTML of the largest letter."""
LARGEST_NUMBER: Final = 10_000
"""What a filter, a method or `range` may be given: a width, a count, an indent."""
LARGEST_RENDERED: Final = 5_000_000
"""Characters of all that one template prints."""
_LARGEST_MADE: Final = 20_000_000
"""Characters that a filter or a method could make at the very most, before its result is seen."""
_MOST_DIGITS: Final = 1_000
_BITS_OF_A_DIGIT: Final = 4

_WIDE_PERCENT: Final = re.compile(r"%(?:\([^)]*\))?[-#0 +]*(?:\d{5,}|\d*\.\d{5,})")
_WIDE_BRACES: Final = re.compile(r"\{[^{}]*:[^{}]*\d{5,}")
_INDENTING: Final = frozenset({"indent", "expandtabs", "wrap"})
_MULTIPLYING: Final = _INDENTING | {"replace", "translate", "wordwrap", "urlize"}
"""Filters and methods that put one text, or blanks, into another many times."""

_Value = TypeVar("_Value")


def check_size(value: _Value) -> _Value:
    """Return `value`; raises SecurityError for a text or a list that is too large."""
    if isinstance(value, str | bytes | list | tuple | dict) and len(value) > LARGEST_VALUE:
        refuse(f"a value of more than {LARGEST_VALUE:,} characters or members")
    return value


def bound_filter(name: str, filter_: Callable[..., Any]) -> Callable[..., Any]:
    """Return the filter `name` so that it refuses to make something too large."""

    @wraps(filter_)
    def apply(*args: Any, **kwargs: Any) -> Any:
        settled = settle(name, args)
        check_numbers((*settled[1:], *kwargs.values()))
        check_arguments(name, (*settled, *kwargs.values()))
        return check_size(filter_(*settled, **kwargs))

    return apply


def bounded_range(*limits: int) -> range:
    """Return `range(…)` of at most 10,000 numbers."""
    numbers = range(*limits)
    if len(numbers) > LARGEST_NUMBER:
        refuse(f"a range of more than {LARGEST_NUMBER:,} numbers")
    return numbers


def check_numbers(values: Iterable[object]) -> None:
    """Raise SecurityError for a number that would make a text too wide or a list too long."""
    if any(isinstance(one, int | float) and abs(one) > LARGEST_NUMBER for one in values):
        refuse(f"a number above {LARGEST_NUMBER:,} for a filter or a function")


def settle(name: str, args: Sequence[Any]) -> tuple[Any, ...]:
    """Return `args` with what is to be joined in sight."""
    is_joining = name == "join"
    return tuple(
        list(one) if is_joining and isinstance(one, GeneratorType) else one for one in args
    )


def check_arguments(name: str, values: Sequence[object]) -> None:
    """Raise SecurityError for what could make an endless text out of `values`, the first of texts."""
    texts = [one for one in values if isinstance(one, str)]
    lengths = sorted((_length(one, name) for one in values), reverse=True)
    if name in {"format", "format_map"} and texts:
        _check_format(texts[0])
        _check_product(name, texts[0].count("{") + texts[0].count("%"), lengths[0])
    elif name in {"join", *_MULTIPLYING}:
        largest, second = (*lengths, 0, 0)[:2]
        _check_product(name, largest + 1, max(second, 1))


def check_calculation(operator: str, left: object, right: object) -> None:
    """Raise SecurityError for a calculation whose result would be too large to be looked at."""
    match operator:
        case "*":
            _check_times(left, right)
            _check_times(right, left)
            _check_digits(_digits(left) + _digits(right))
        case "**" if isinstance(right, int):
            _check_digits(_digits(left) * abs(right))
        case "%" if isinstance(left, str):
            values = right if isinstance(right, tuple) else (right,)
            check_numbers(values)
            check_arguments("format", (left, *values))


def refuse(what: str) -> NoReturn:
    """Raise SecurityError."""
    message = f"{what} is refused: a letter is small"
    raise SecurityError(message)


def _length(value: object, name: str) -> int:
    """Return how many characters `value` could add each time it is used."""
    if isinstance(value, list | tuple):
        return len(value) + sum(len(one) for one in value if isinstance(one, str))
    if isinstance(value, dict):
        return max(map(_length, value.values(), [name] * len(value)), default=0)
    if isinstance(value, int):
        return value if name in _INDENTING else 0
    return len(value) if isinstance(value, str | bytes | range) else 0


def _check_product(name: str, many: int, times: int) -> None:
    if many * times > _LARGEST_MADE:
        refuse(f"{name} of values so long")


def _check_format(text: str) -> None:
    if _WIDE_PERCENT.search(text) or _WIDE_BRACES.search(text):
        refuse(f"a format of more than {LARGEST_NUMBER:,} columns")


def _check_times(many: object, times: object) -> None:
    if not isinstance(many, str | bytes | list | tuple) or not isinstance(times, int):
        return
    if len(many) * times > LARGEST_VALUE:
        refuse(f"a repetition to more than {LARGEST_VALUE:,} characters or members")


def _digits(number: object) -> int:
    return number.bit_length() // _BITS_OF_A_DIGIT + 1 if isinstance(number, int) else 0


def _check_digits(count: int) -> None:
    if count > _MOST_DIGITS:
        refuse(f"a number of more than {_MOST_DIGITS:,} digits")
