"""JSON values with checks: the floor under the other codecs."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import Final, TypeVar

from newsletter.errors import RecordError
from newsletter.rules.recent import WorkedOut

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
"""What JSON can say."""

_T = TypeVar("_T")
_MISSING: Final = object()
_PAIR: Final = 2
_KNOWN_TEXTS: Final = WorkedOut(10_000, encode_basestring_ascii)


def dump(value: Json) -> str:
    """Write `value` the one canonical way. Lone surrogates, which UTF-8 lacks, become escapes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def content_hash(text: str) -> str:
    """Return the SHA-256 (hex) of a canonical JSON text."""
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def write_day(value: date | None) -> str | None:
    """Write a date, if there is one."""
    return None if value is None else value.isoformat()


def write_moment(value: datetime | None) -> str | None:
    """Write an aware moment in UTC, if there is one."""
    return None if value is None else value.astimezone(UTC).isoformat()


class Fields:
    """One stored JSON object, read key by key. `noun` names it in errors.

    What is as it should be is returned after one look: thousands of values are read in a second.
    """

    def __init__(self, value: object, noun: str) -> None:
        if not isinstance(value, dict):
            message = f"stored {noun}: is no JSON object; the database is damaged"
            raise RecordError(message)
        self._value: dict[str, object] = value
        self._noun = noun

    @classmethod
    def load(cls, text: str, noun: str) -> "Fields":
        """Read a stored JSON text that must be an object."""
        try:
            return cls(json.loads(text), noun)
        except ValueError as error:
            message = f"stored {noun}: is no JSON ({error}); the database is damaged"
            raise RecordError(message) from error

    def text(self, key: str) -> str:
        """Return a text."""
        value = self._value.get(key)
        return value if type(value) is str else self._typed(key, str)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        values = self._list(key)
        texts = tuple(one for one in values if type(one) is str)
        is_all = len(texts) == len(values)
        return texts if is_all else tuple(self._check(key, one, str) for one in values)

    def integer(self, key: str) -> int:
        """Return a whole number."""
        return self._typed(key, int)

    def integers(self, key: str) -> tuple[int, ...]:
        """Return a list of whole numbers."""
        return tuple([self._check(key, one, int) for one in self._list(key)])

    def weighted(self, key: str) -> Iterator[tuple[str, float]]:
        """Yield texts of a list, each alone for weight 1, or in a list with its weight."""
        for value in self._list(key):
            if isinstance(value, str):
                yield value, 1.0
            elif isinstance(value, list) and len(value) == _PAIR:
                name, weight = value
                yield self._check(key, name, str), float(self._check(key, weight, float))
            else:
                raise self._damage(key, value)

    def number(self, key: str) -> float:
        """Return a number."""
        value = self._value.get(key)
        if type(value) is float:
            return value
        value = self._get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._damage(key, value)
        return float(value)

    def flag(self, key: str) -> bool:
        """Return true or false."""
        return self._typed(key, bool)

    def parsed(self, key: str, parse: Callable[[str], _T]) -> _T:
        """Return a text as `parse` (an enum, `date.fromisoformat`) understands it."""
        return self._parse(key, self.text(key), parse)

    def parsed_all(self, key: str, parse: Callable[[str], _T]) -> tuple[_T, ...]:
        """Return a list of texts as `parse` understands each."""
        return tuple(self._parse(key, one, parse) for one in self.texts(key))

    def day(self, key: str) -> date:
        """Return a date."""
        return self.parsed(key, _read_day)

    def moment(self, key: str) -> datetime:
        """Return an aware moment in UTC."""
        return self.parsed(key, _read_moment)

    def part(self, key: str) -> "Fields":
        """Return an object inside this one."""
        return Fields(self._get(key), f"{self._noun}.{key}")

    def parts(self, key: str) -> "tuple[Fields, ...]":
        """Return a list of objects."""
        return tuple(Fields(one, f"{self._noun}.{key}") for one in self._list(key))

    def maybe(self, key: str, read: Callable[[str], _T]) -> _T | None:
        """Return what `read` makes of `key`, or None where the key is absent or null."""
        return None if self._value.get(key) is None else read(key)

    def mapping(self, key: str) -> dict[str, str]:
        """Return an object whose values are all texts."""
        part = self.part(key)
        return {name: part.text(name) for name in part._value}  # noqa: SLF001 - its own class

    def _parse(self, key: str, value: str, parse: Callable[[str], _T]) -> _T:
        try:
            return parse(value)
        except ValueError as error:
            raise self._damage(key, value) from error

    def _get(self, key: str) -> object:
        value = self._value.get(key, _MISSING)
        if value is _MISSING:
            message = f"stored {self._noun}: lacks {key}; the database is damaged"
            raise RecordError(message)
        return value

    def _list(self, key: str) -> list[object]:
        return self._typed(key, list)

    def _typed(self, key: str, kind: type[_T]) -> _T:
        return self._check(key, self._get(key), kind)

    def _check(self, key: str, value: object, kind: type[_T]) -> _T:
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self._damage(key, value)
        return value

    def _damage(self, key: str, value: object) -> RecordError:
        shown = repr(value)[:60]
        return RecordError(f"stored {self._noun}: {key} is {shown}; the database is damaged")


def write_texts(texts: Iterable[str]) -> str:
    """Write a list of texts; what `dump` writes, in a fraction of the time."""
    return f"[{','.join(map(encode_basestring_ascii, texts))}]"


def write_known_texts(texts: Iterable[str]) -> str:
    """Write a list of texts as `write_texts` does; for those of which few stand in very many lists."""
    return f"[{','.join(map(_KNOWN_TEXTS.__getitem__, texts))}]"


def read_texts(text: str, noun: str) -> tuple[str, ...]:
    """Read a stored JSON list of texts."""
    return Fields.load(f'{{"list":{text}}}', noun).texts("list")


def read_mapping(text: str, noun: str) -> dict[str, str]:
    """Read a stored JSON object whose values are all texts."""
    return Fields.load(f'{{"mapping":{text}}}', noun).mapping("mapping")


# All letters of a slot have their moments and their day in common.
_read_day: Final = lru_cache(maxsize=1_024)(date.fromisoformat)


@lru_cache(maxsize=4_096)
def _read_moment(text: str) -> datetime:
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        message = f"{text} has no time zone"
        raise ValueError(message)
    return value.astimezone(UTC)
