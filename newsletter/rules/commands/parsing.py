"""One line: a command, a slip that wants an answer, or prose."""

import re
from typing import Final

from newsletter.model import Command, Misunderstanding
from newsletter.rules.commands.form import CommandForm, Setting, Wrong
from newsletter.rules.commands.nearest import nearest
from newsletter.rules.commands.table import COMMANDS
from newsletter.rules.plain_lines import tidy

MAX_COMMAND: Final = 1000
"""Characters of a line; no longer one is a command."""
SHORT_LINE: Final = 5
"""Words of a line that may be a slip; longer ones are prose."""

_BY_WORD: Final = {word: form for form in COMMANDS for word in form.words}
_LONGEST_START: Final = max(word.count(" ") for word in _BY_WORD) + 1
_TAUGHT: Final = sorted({word.split(" ")[0] for word in _BY_WORD if len(word) > 1})

_POLITE: Final = re.compile(
    r"(?:please|pls|plz|kindly|bitte|i want to|i would like to|i'd like to|"
    r"can you|could you|would you),? ",
    re.IGNORECASE,
)
_MAX_POLITE: Final = 3
_END: Final = ".,!;? "
_WRAPPERS: Final = ("**", "*", "__", "_", "`", "'", '"')


def parse_line(text: str, setting: Setting, number: int) -> Command | Misunderstanding | None:
    """Read one line that nobody quoted; None: it is prose.

    A command fills its whole line, but for a "please", an end mark, and words that say nothing.
    A short line whose first word is a slip of a command, or that a command begins but does not go
    on as it can, is answered with what was meant.
    """
    line = bare(text)
    if not line or len(line) > MAX_COMMAND:
        return None
    slip: Wrong | None = None
    for form, word, rest in _readings(line):
        found = form.read(word, _without_fillers(rest, form), setting)
        if isinstance(found, tuple):
            return Command(form.name, found, number)
        slip = slip or found
    if line.count(" ") >= SHORT_LINE:
        slip = slip if slip and slip.is_certain else None
    else:
        slip = slip or _slip(line)
    return Misunderstanding(number, line, slip.reason, slip.suggestion) if slip else None


def bare(text: str) -> str:
    """Return a line without what people put around a command: politeness, marks, end."""
    line = tidy(text)[: MAX_COMMAND + 1]
    for _ in range(_MAX_POLITE):
        line = line[found.end() :] if (found := _POLITE.match(line)) else line
    # A question mark alone is a command.
    line = (line.rstrip(_END) or line).strip()
    for mark in _WRAPPERS:
        inside = line[len(mark) : -len(mark)]
        if line.startswith(mark) and line.endswith(mark) and inside and mark not in inside:
            return (inside.rstrip(_END) or inside).strip()
    return line


def _readings(line: str) -> list[tuple[CommandForm, str, str]]:
    """Return how the line can be taken apart, the longest beginning first."""
    words = line.split(" ")
    found: list[tuple[CommandForm, str, str]] = []
    for count in range(min(_LONGEST_START, len(words)), 0, -1):
        word = " ".join(words[:count]).casefold().removesuffix(",")
        if form := _BY_WORD.get(word):
            found.append((form, word, " ".join(words[count:])))
    return found


def _without_fillers(rest: str, form: CommandForm) -> str:
    """Return nothing where all words say nothing; a part of a rest is never dropped."""
    words = re.split(r"[ ,]+", rest.casefold())
    return "" if form.fillers.issuperset(words) else rest


def _slip(line: str) -> Wrong | None:
    first, _, rest = line.partition(" ")
    # A key of YAML is no command, though some are called the same.
    meant = None if first.endswith(":") else nearest(first.casefold(), _TAUGHT)
    if meant is None:
        return None
    return Wrong(f'there is no command "{first}"', f"{meant} {rest}".strip())
