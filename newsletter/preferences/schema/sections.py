"""Where in a schema a key belongs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, get_args, get_origin

from pydantic import BaseModel

_DEEPEST: Final = 6


@dataclass(frozen=True, slots=True)
class Home:
    """A section that knows a key: the name of the section, "" for the top."""

    name: str
    is_list: bool = False

    @property
    def phrase(self) -> str:
        """Say where that is."""
        if not self.name:
            return "at the beginning of a line, below no other key"
        return f'in an item of "{self.name}"' if self.is_list else f'below "{self.name}"'


@cache
def homes_of(schema: type[BaseModel], kind: type[BaseModel]) -> Mapping[str, tuple[Home, ...]]:
    """Return for every key of `schema`, and of the sections of `kind` within it, where it belongs."""
    homes: dict[str, list[Home]] = {}
    for key, home in _walk(schema, kind, Home(""), _DEEPEST):
        if home not in homes.setdefault(key, []):
            homes[key].append(home)
    return {key: tuple(found) for key, found in homes.items()}


def _walk(
    schema: type[BaseModel], kind: type[BaseModel], home: Home, depth: int
) -> Iterator[tuple[str, Home]]:
    for name, field in schema.model_fields.items():
        key = field.alias or name
        yield key, home
        for section, is_list in _sections(field.annotation, kind) if depth else ():
            yield from _walk(section, kind, Home(key, is_list), depth - 1)


def _sections(annotation: object, kind: type[BaseModel]) -> Iterator[tuple[type[BaseModel], bool]]:
    """Yield the sections within an annotation, and whether they are items of a list."""
    if isinstance(annotation, type) and issubclass(annotation, kind):
        yield annotation, False
        return
    for part in get_args(annotation):
        for section, is_list in _sections(part, kind):
            yield section, is_list or get_origin(annotation) is tuple
