"""Values of JSON that a server sent, each read as what it should be, or as if it were not there."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final, cast

from newsletter.model import Page
from newsletter.sources.plaintext import cut, one_line, paragraphs
from newsletter.sources.row import Raw
from newsletter.sources.unreadable import unreadable
from newsletter.sources.urls import read_url

LONGEST_TITLE: Final = 1_000
LONGEST_ABSTRACT: Final = 20_000
LONGEST_NAME: Final = 300
MOST_NAMES: Final = 5_000

_LARGEST_COUNT: Final = 10**9
_UNPADDED_DAY: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)


def read_json(page: Page) -> Raw:
    """Return what a page says; raises FetchError when it is no JSON, or goes too deep."""
    try:
        return cast("Raw", json.loads(page.body.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise unreadable(page, "JSON", "it is not in UTF-8") from error
    except RecursionError as error:
        raise unreadable(page, "JSON", "it goes too deep") from error
    except json.JSONDecodeError as error:
        raise unreadable(page, "JSON", f"{error.msg}, character {error.pos:,}") from error
    except ValueError as error:  # a number without end
        raise unreadable(page, "JSON", cut(one_line(str(error)), 100)) from error


@dataclass(frozen=True, slots=True)
class JsonFields:
    """Reads an object of JSON. What is absent, null or of another type is as if it were not there."""

    values: dict[str, Raw] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Raw) -> "JsonFields":
        """Return the fields of `value`; of anything but an object there are none."""
        return cls(value if isinstance(value, dict) else {})

    def part(self, key: str) -> "JsonFields":
        """Return the object under `key`."""
        return JsonFields.of(self.values.get(key))

    def parts(self, key: str) -> "Iterator[JsonFields]":
        """Return the objects in the list under `key`."""
        return (JsonFields.of(one) for one in self.list(key))

    def list(self, key: str) -> Sequence[Raw]:
        """Return the list under `key`."""
        value = self.values.get(key)
        return value if isinstance(value, list) else ()

    def text(self, key: str, most: int = LONGEST_NAME) -> str | None:
        """Return a text, or a whole number as one, on one line; None without one."""
        return as_line(self.values.get(key), most)

    def prose(self, key: str) -> str | None:
        """Return a longer text with its paragraphs, without hard line ends."""
        value = self.values.get(key)
        shown = paragraphs(value) if isinstance(value, str) else ""
        return cut(shown, LONGEST_ABSTRACT) or None

    def texts(self, key: str, most: int = MOST_NAMES) -> tuple[str, ...]:
        """Return the texts in the list under `key`."""
        lines = (as_line(one) for one in self.list(key)[:most])
        return tuple(line for line in lines if line)

    def count(self, key: str) -> int | None:
        """Return a whole number from 0, also where it is written as a text."""
        value = self.values.get(key)
        if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value.strip(), re.ASCII):
            return int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        return value if 0 <= value < _LARGEST_COUNT else None

    def moment(self, key: str) -> datetime | None:
        """Return a moment of ISO 8601, in UTC where it names no zone."""
        value = self.values.get(key)
        try:
            read = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            return None
        return read if read is None or read.tzinfo else read.replace(tzinfo=UTC)

    def day(self, key: str) -> date | None:
        """Return a day, that of a moment as well; months and days may lack their zero."""
        value = self.values.get(key)
        found = _UNPADDED_DAY.match(value) if isinstance(value, str) else None
        try:
            return date(int(found[1]), int(found[2]), int(found[3])) if found else None
        except ValueError:
            return None

    def url(self, key: str) -> str | None:
        """Return an absolute address of the web."""
        value = self.values.get(key)
        return read_url(value) if isinstance(value, str) else None


def as_line(value: Raw, most: int = LONGEST_NAME) -> str | None:
    """Return a text, or a whole number as one, on one line; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**18 else None
    shown = one_line(value) if isinstance(value, str) else ""
    return cut(shown, most) or None
