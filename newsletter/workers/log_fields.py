"""Which job a line of the log is about: told once, and carried through threads and tasks."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Final

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_FIELDS: Final[ContextVar[Mapping[str, str]]] = ContextVar("log_fields", default=_NOTHING)


def log_fields() -> Mapping[str, str]:
    """Return what is being worked on here: names and ids, in the order in which they were told."""
    return _FIELDS.get()


@contextmanager
def logging_about(**fields: object) -> Iterator[None]:
    """Let each line that is logged inside carry these fields, and those from outside."""
    before = _FIELDS.set({**_FIELDS.get(), **{name: str(value) for name, value in fields.items()}})
    try:
        yield
    finally:
        _FIELDS.reset(before)
