"""What one row of the table of commands is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from newsletter.model import CommandName


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why the words behind a command cannot be what it needs, and what to write instead."""

    reason: str
    suggestion: str | None = None
    is_certain: bool = False
    """The line is that command however long it is: it asks for too much."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What the reading of a line depends on beside its words.

    `catalogue` maps every name and title, folded, to the name of a topic of the catalogue.
    """

    catalogue: Mapping[str, str] = field(default_factory=dict)
    writer: str | None = None
    """Who wrote, folded."""
    is_subject: bool = False


Arguments = tuple[str, ...]
ReadArguments = Callable[[str, str, Setting], Arguments | Wrong | None]
"""From the word of the command, in small letters, the rest of the line and the setting to the
arguments. None: these words are prose, and the line is no command."""


@dataclass(frozen=True, slots=True)
class CommandForm:
    """One row of the table: how a command is written and what it does.

    `words` begin it, in small letters; the first is how it is taught. `shapes` are what a person
    sees of it, `sentence` is what it does, in one sentence.
    """

    name: CommandName
    words: tuple[str, ...]
    shapes: tuple[str, ...]
    sentence: str
    examples: tuple[str, ...]
    read: ReadArguments
    changes_something: bool = True
    """Whether what is stored is another thing afterwards."""
    needs_token: bool = True
    """Whether it is only obeyed when it comes with a token that was sent to the address."""
    fillers: frozenset[str] = field(default_factory=frozenset)
    """Words that may follow it and say nothing."""
