"""Read all documents of one text. A broken one does not disturb its neighbours."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
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
from newsletter.preferences.parts import Part, split
from newsletter.preferences.schema.document import DocumentSection
from newsletter.preferences.schema.surroundings import Surroundings
from newsletter.preferences.schema.validation import validate
from newsletter.preferences.yaml_text.nodes import MappingNode, Node, ScalarNode
from newsletter.preferences.yaml_text.reader import (
    DOCUMENT_LIMITS,
    Salvage,
    read_yaml,
    salvage_yaml,
)
from newsletter.rules.addresses import address_key, parse_address

_AROUND_A_WORD: Final = "\"'#,;:<>()[]{}"
_LOOKED_THROUGH: Final = 4 * DOCUMENT_LIMITS.size_bytes
_EMAIL_LINE: Final = re.compile(r"""^email:[ \t]*["']?([^\s"'#]{3,254})""", re.MULTILINE)


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
    return merge(_read_part(part, file, around) for part in split(text))


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


def _read_part(part: Part, file: str, around: Surroundings) -> PreferencesReading:
    if part.is_blank:
        return PreferencesReading(())
    found = salvage_yaml(part.text, file, part.line)
    node = found.node
    if node is None:
        return _broken(part, file, found.problems, _address_in(part.text))
    is_left = isinstance(node, MappingNode) or not found.problems
    read = validate(node, DocumentSection, file, context=around) if is_left else ()
    if isinstance(read, tuple) or found.problems:
        more = read if isinstance(read, tuple) else ()
        problems = _joined(found, more, part)
        return _broken(part, file, problems, _address_of(node) or _address_in(part.text))
    place = f"{file}:{node.line}"
    return PreferencesReading((Document(read.preferences(around), part.text, place),))


def _joined(found: Salvage, more: tuple[Problem, ...], part: Part) -> tuple[Problem, ...]:
    """Return what keeps a text from being read, and what is wrong in the rest of it.

    What is wrong because a line could not be read is left out.
    """
    places = {(one.line, one.column) for one in found.problems}
    after = [one for one in more if (one.line, one.column) not in places]
    known = [one for one in after if not (one.key in found.lost and one.message == "is required")]
    known = [_with_comment_told(one, part) for one in known]
    if part.line > 1:
        known = [_without_dashes(one) if _is_no_email(one) else one for one in known]
    every = sorted((*found.problems, *known), key=lambda one: (one.line, one.column))
    return tuple(every[: DOCUMENT_LIMITS.problems])


_CUT_SHORT: Final = ("never closed", "the query ends")


def _with_comment_told(problem: Problem, part: Part) -> Problem:
    """A query may end too early because YAML takes the rest of its line for a comment."""
    if not any(words in problem.message for words in _CUT_SHORT):
        return problem
    line = part.text.splitlines()[problem.line - part.line]
    if "'" in line or " #" not in line:
        return problem
    advice = 'a "#" behind a space begins a comment; put the whole query in single quotes'
    return replace(problem, suggestion=advice)


def _is_no_email(problem: Problem) -> bool:
    return problem.key == "email" and problem.message == "is required"


def _without_dashes(problem: Problem) -> Problem:
    advice = 'write it, or remove the line "---" above if this belongs to the document before it'
    return replace(problem, suggestion=advice)


def _broken(
    part: Part, file: str, problems: tuple[Problem, ...], address: str
) -> PreferencesReading:
    """Return the problems of a part, and whose it is where that is certain.

    It is when no other address can stand there: a line `---` that was lost puts two people's
    documents into one part.
    """
    broken = readable_address(address)
    is_certain = bool(broken) and _is_certain(part, address)
    return PreferencesReading(
        (), problems, broken, frozenset() if is_certain else frozenset({file})
    )


def owner_of(part: Part) -> AddressKey | None:
    """Return whose document a part is, valid or broken; None where that is not certain."""
    node = read_yaml(part.text, "")
    address = _address_in(part.text) if isinstance(node, tuple) else _address_of(node)
    owner = readable_address(address)
    if isinstance(node, tuple) and not _is_certain(part, address):
        return None
    return next(iter(owner), None)


def _is_certain(part: Part, address: str) -> bool:
    """Whether no other address stands in a part that cannot be read."""
    if len(part.text) > _LOOKED_THROUGH:
        return part.text.count("@") == 1
    named = {word.strip(_AROUND_A_WORD) for word in part.text.split() if "@" in word}
    return named <= {address}


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
