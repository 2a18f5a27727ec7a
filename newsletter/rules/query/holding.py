"""Does a query hold for an entry? The meaning of the topic language; an index only answers sooner.

* A word without a field is looked for in title and abstract, and as the whole name of a category.
* A phrase stands in one text: never across the end of a title, of an abstract or of an author's name.
* In title and abstract words without quotes and stars mean every word of the same stem. Names are
  only folded. A stem of one letter is no stem: then the word itself is meant.
* A comparison with a value that is not known does not hold, so its negation does.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Final

from newsletter.model import Entry
from newsletter.rules.query.texts import texts_of
from newsletter.rules.query.tree import (
    And,
    Bound,
    Comparison,
    Form,
    Node,
    Not,
    Or,
    Term,
    TextField,
    ValueField,
)
from newsletter.rules.query.words import words

Stem = Callable[[str], str]
"""From a folded word to what its forms have in common."""

READ: Final = (TextField.TITLE, TextField.ABSTRACT)
"""The texts that are read, not only named: here words have forms."""


def holds(node: Node, entry: Entry, stem: Stem) -> bool:
    """Whether `node` is true of `entry`; `stem` is the one that the index uses."""
    match node:
        case Term():
            return _stands(node, entry, stem)
        case Comparison():
            return fulfils(entry, node)
        case Not(part):
            return not holds(part, entry, stem)
        case And(parts):
            return all(holds(part, entry, stem) for part in parts)
        case Or(parts):
            return any(holds(part, entry, stem) for part in parts)


def fulfils(entry: Entry, comparison: Comparison) -> bool:
    """Whether the value of `entry` is known and within the bound."""
    known = _value(entry, comparison.field)
    if known is None:
        return False
    value, limit = _on_a_line(known), _on_a_line(comparison.value)
    match comparison.bound:
        case Bound.AT_LEAST:
            return value >= limit
        case Bound.AT_MOST:
            return value <= limit
        case Bound.EQUAL:
            return value == limit


def has_forms(term: Term) -> bool:
    """Whether `term` means every word of its stem."""
    return term.form is Form.ANY_FORM and (term.field is None or term.field in READ)


def is_category(term: Term, name: str) -> bool:
    """Whether `term`, written without a field, is the whole `name` of a category."""
    return term.field is None and term.form is not Form.PREFIX and tuple(words(name)) == term.words


def _stands(term: Term, entry: Entry, stem: Stem) -> bool:
    fields = (term.field,) if term.field else READ
    if any(_is_within(term, text, stem) for field in fields for text in texts_of(entry, field)):
        return True
    return any(is_category(term, name) for name in texts_of(entry, TextField.CATEGORY))


def _is_within(term: Term, text: str, stem: Stem) -> bool:
    found = words(text)
    return any(any(_starts(term, spelling, found, stem)) for spelling in term.spellings)


def _starts(
    term: Term, spelling: Sequence[str], found: Sequence[str], stem: Stem
) -> Iterator[bool]:
    is_meant = partial(_is_form, stem=stem) if has_forms(term) else str.__eq__
    *before, last = spelling
    for start in range(len(found) - len(before)):
        end = found[start + len(before)]
        ends = end.startswith(last) if term.form is Form.PREFIX else is_meant(end, last)
        yield ends and all(map(is_meant, found[start:], before))


def _is_form(found: str, asked: str, stem: Stem) -> bool:
    root = stem(asked)
    return found == asked or (len(root) > 1 and stem(found) == root)


def _value(entry: Entry, field: ValueField) -> date | int | None:
    match field:
        case ValueField.DATE:
            return entry.content.published_on
        case ValueField.UPVOTES:
            return entry.content.upvotes


def _on_a_line(value: date | int) -> int:
    return value.toordinal() if isinstance(value, date) else value
