"""Read all documents of one text. A broken one does not disturb its neighbours."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from newsletter.errors import AddressError
from newsletter.model import (
    AddressKey,
    CatalogueTopic,
    Document,
    Preferences,
    PreferencesReading,
    Problem,
)
from newsletter.preferences.document import DocumentSection
from newsletter.preferences.nodes import MappingNode, Node, ScalarNode
from newsletter.preferences.surroundings import Surroundings
from newsletter.preferences.validation import validate
from newsletter.preferences.yaml_reader import read_yaml
from newsletter.rules.addresses import address_key, parse_address

_BETWEEN: Final = re.compile(r"---[ \t]*(#.*)?$")
_NOTHING: Final = re.compile(r"\s*(#.*)?$")
_AROUND_A_WORD: Final = "\"'#,;:<>()[]{}"
_EMAIL_LINE: Final = re.compile(r"""^email:[ \t]*["']?([^\s"'#]{3,254})""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Part:
    """One document as written, and the line of the file on which it begins."""

    text: str
    line: int


def parse_documents(
    text: str,
    file: str,
    *,
    catalogue: Mapping[str, CatalogueTopic],
    defaults: Preferences,
) -> PreferencesReading:
    """Return the valid documents of `text`, every problem, and the addresses of broken documents.

    Documents stand between lines `---`; parts without content are no documents. What a document
    does not say is taken from `defaults`. Of two documents with one address neither is valid.
    """
    return read_text(text, file, Surroundings(catalogue, defaults))


def read_text(text: str, file: str, around: Surroundings) -> PreferencesReading:
    """Do the same where the surroundings serve many files."""
    return merge(_read_part(part, file, around) for part in _split(text))


def merge(readings: Iterable[PreferencesReading]) -> PreferencesReading:
    """Join readings, refusing every address that has two documents."""
    every = list(readings)
    documents = [document for reading in every for document in reading.documents]
    problems = [problem for reading in every for problem in reading.problems]
    broken = frozenset[AddressKey]().union(*(reading.broken for reading in every))
    unread = frozenset[str]().union(*(reading.unread for reading in every))
    first: dict[AddressKey, Document] = {}
    twice: set[AddressKey] = set()
    for document in documents:
        key = address_key(document.preferences.email)
        if key in first:
            twice.add(key)
            problems.append(_second(document, first[key]))
        first.setdefault(key, document)
    good = tuple(document for key, document in first.items() if key not in twice)
    return PreferencesReading(good, tuple(problems), broken | twice, unread)


def _second(document: Document, first: Document) -> Problem:
    file, _, line = document.place.rpartition(":")
    message = f"{document.preferences.email} has another document at {first.place}"
    return Problem(file, int(line), 1, "email", message, "keep one of the two")


def _split(text: str) -> Iterator[_Part]:
    lines: list[str] = []
    first = 1
    # newline="": \n, \r\n and \r end a line, as for the YAML reader, and stay as they are.
    for number, line in enumerate(io.StringIO(text.removeprefix("\ufeff"), newline=""), start=1):
        if _BETWEEN.match(line.rstrip("\r\n")):
            yield _Part("".join(lines), first)
            lines, first = [], number + 1
        else:
            lines.append(line)
    yield _Part("".join(lines), first)


def _read_part(part: _Part, file: str, around: Surroundings) -> PreferencesReading:
    if all(_NOTHING.match(line) for line in part.text.splitlines()):
        return PreferencesReading(())
    node = read_yaml(part.text, file, part.line)
    if isinstance(node, tuple):
        return _broken(part, file, node, _address_in(part.text))
    read = validate(node, DocumentSection, file, context=around)
    if isinstance(read, tuple):
        return _broken(part, file, read, _address_of(node))
    place = f"{file}:{node.line}"
    return PreferencesReading((Document(read.preferences(around), part.text, place),))


def _broken(
    part: _Part, file: str, problems: tuple[Problem, ...], address: str
) -> PreferencesReading:
    """Return the problems of a part, and whose it is where that is certain.

    It is when no other address can stand there: a line `---` that was lost puts two people's
    documents into one part.
    """
    broken = readable_address(address)
    named = {word.strip(_AROUND_A_WORD) for word in part.text.split() if "@" in word}
    is_certain = bool(broken) and named <= {address}
    return PreferencesReading(
        (), problems, broken, frozenset() if is_certain else frozenset({file})
    )


def _address_of(node: Node) -> str:
    email = node.get("email") if isinstance(node, MappingNode) else None
    return email.text if isinstance(email, ScalarNode) else ""


def _address_in(text: str) -> str:
    """Look for the address in a text that is no YAML."""
    found = _EMAIL_LINE.search(text)
    return found[1] if found else ""


def readable_address(text: str) -> frozenset[AddressKey]:
    """Return the folded address that `text` is, if it is one."""
    try:
        return frozenset({address_key(parse_address(text))})
    except AddressError:
        return frozenset()
