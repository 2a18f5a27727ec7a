"""The commands of a message: its subject, then its lines."""
# ruff: noqa: RUF001 - the colons of other scripts are meant

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from newsletter.model import (
    CatalogueTopic,
    Command,
    CommandName,
    InboundMail,
    Misunderstanding,
)
from newsletter.rules.addresses import address_key
from newsletter.rules.commands.form import Setting
from newsletter.rules.commands.parsing import parse_line
from newsletter.rules.commands.topics import fold_catalogue
from newsletter.rules.plain_lines import PlainLine, own_lines, tidy

MAX_COMMANDS: Final = 20
MAX_OWN_LINES: Final = 200
MAX_SUBJECT: Final = 300
MOST_PROSE: Final = 5
"""Lines of prose that a message may have whose slips are answered; a longer one is for a human."""

_PREFIX: Final = re.compile(
    r"(?:re|aw|antw|antwort|sv|vs|ref|rif|r|res|odp|ynt|ha|re\[[0-9]{1,3}\]|fwd?|wg|tr|rv|enc|i|vb|vl|"
    r"pd|doorst|ответ|回复|回覆|答复|转发|轉寄|返信|転送) ?[:：] ?",
    re.IGNORECASE,
)  # fmt: skip
_MAX_PREFIXES: Final = 10

Found = Command | Misunderstanding


def read_commands(mail: InboundMail, *, topics: Iterable[CatalogueTopic] = ()) -> tuple[Found, ...]:
    """Return what the writer wishes, in order, the subject first; nothing for a mail of prose.

    Read are the subject and the first 200 lines of the writer's own (`own_lines`). A subject that
    begins with Re: or Fwd: may be an older one: it counts only where the body has no command. What
    is said twice is done once. The 21st command and all behind it are refused with one word.
    Below `set`, and from the line that begins a block of preferences to the one that ends it,
    nothing is read: that block is the matter of another rule.
    """
    writer = address_key(mail.from_address) if mail.from_address else None
    setting = Setting(fold_catalogue(topics), writer)
    body, prose = _body(own_lines(mail)[:MAX_OWN_LINES], setting)
    found = [*_subject(mail.subject, setting, body), *body]
    if prose > MOST_PROSE:
        found = [one for one in found if isinstance(one, Command)]
    return _bounded(_once(found))


def _subject(subject: str, setting: Setting, body: Sequence[Found]) -> list[Found]:
    text = tidy(subject[:MAX_SUBJECT])
    stripped = without_prefixes(text)
    if stripped != text and any(isinstance(one, Command) for one in body):
        return []
    found = parse_line(stripped, replace(setting, is_subject=True), 0)
    if isinstance(found, Misunderstanding) and stripped != text:
        return []
    return [found] if found else []


def without_prefixes(subject: str) -> str:
    """Return a subject without `Re:`, `AW:`, `Fwd:` and their like in other languages."""
    for _ in range(_MAX_PREFIXES):
        found = _PREFIX.match(subject)
        if found is None:
            break
        subject = subject[found.end() :]
    return subject


def _body(lines: Sequence[PlainLine], setting: Setting) -> tuple[list[Found], int]:
    """Return what the lines say, and how many of them are prose."""
    found: list[Found] = []
    prose = 0
    for line in _outside_blocks(lines):
        if _begins_block(line.text):
            one: Found | None = Command(CommandName.SET, (), line.number)
        else:
            one = parse_line(line.text, setting, line.number)
        if one is None:
            prose += bool(line.text)
            continue
        if isinstance(one, Misunderstanding) and _may_be_a_name(line, lines):
            continue
        found.append(one)
        if (
            isinstance(one, Command)
            and one.name is CommandName.SET
            and not _begins_block(line.text)
        ):
            break
    return found, prose


def _outside_blocks(lines: Sequence[PlainLine]) -> Iterator[PlainLine]:
    """Yield the lines that stand in no block of preferences, and those that begin one."""
    is_inside = False
    for line in lines:
        if not is_inside:
            yield line
            is_inside = _begins_block(line.text)
        elif "END PREFERENCES" in line.text.upper():
            is_inside = False


def _begins_block(text: str) -> bool:
    return "BEGIN PREFERENCES" in text.upper()


def _may_be_a_name(line: PlainLine, lines: Sequence[PlainLine]) -> bool:
    """Whether this is how letters end: below other lines one last word with a capital."""
    said = [one for one in lines if one.text]
    is_last = said[-1].number == line.number and len(said) > 1
    return is_last and " " not in line.text and line.text[:1].isupper()


def _once(found: Iterable[Found]) -> Iterator[Found]:
    known: set[tuple[object, ...]] = set()
    for one in found:
        key = (one.name, one.arguments) if isinstance(one, Command) else (one.text,)
        if key not in known:
            known.add(key)
            yield one


def _bounded(found: Iterable[Found]) -> tuple[Found, ...]:
    kept: list[Found] = []
    for one in found:
        if len(kept) == MAX_COMMANDS:
            text = one.text if isinstance(one, Misunderstanding) else one.name
            reason = f"only the first {MAX_COMMANDS} commands of a message are read"
            return (*kept, Misunderstanding(one.line, text, reason))
        kept.append(one)
    return tuple(kept)
