"""What an address turned out to be: a source that can be added, or why it is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Setting = str | tuple[str, ...]
"""A value as it is written in config.yaml."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source that can be added.

    `settings` are the keys of its block in config.yaml besides `kind` and `every`; `title` is for
    people, and the name of the source is made of it or, where it says too little, of `fallback`.
    `posts` and `latest_at` are known of what was read; None: it was not read yet, or has no dates.
    """

    kind: str
    settings: Mapping[str, Setting]
    title: str
    fallback: str
    form: str
    """What it is, in words: `Atom 1.0`, `service`."""
    every: str = "1h"
    posts: int | None = None
    latest_at: datetime | None = None
    found: str = ""
    """How it was found, in words."""
    note: str = ""
    """What the operator should know, e.g. that it moved."""


@dataclass(frozen=True, slots=True)
class Hint:
    """An address that is known, and no source: what to do instead."""

    text: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """What came of an address. `candidates` come best first.

    `tried` are sentences about what was no source; `hint` says what to do when there is no
    candidate. `is_passing`: the address could not be asked now, and may be a source later.
    """

    candidates: tuple[Candidate, ...] = ()
    tried: tuple[str, ...] = field(default=())
    hint: str = ""
    is_passing: bool = False
