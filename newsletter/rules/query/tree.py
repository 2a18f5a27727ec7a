"""What a query says: a tree that never changes and compares by meaning, not by spelling."""

from dataclasses import dataclass
from dataclasses import field as part
from datetime import date
from enum import StrEnum


class TextField(StrEnum):
    """Where a word is looked for. Without a field: title, abstract, or the whole name of a category."""

    TITLE = "title"
    ABSTRACT = "abstract"
    """With the source's own summary."""
    AUTHOR = "author"
    ORGANIZATION = "organization"
    CATEGORY = "category"
    SOURCE = "source"


class ValueField(StrEnum):
    """What can be compared. An entry of which the value is not known never fulfils a comparison."""

    DATE = "date"
    """The day the entry was published."""
    UPVOTES = "upvotes"


def field_named(name: str) -> TextField | ValueField | None:
    """Return the field of that name, in any case."""
    fields: tuple[TextField | ValueField, ...] = (*TextField, *ValueField)
    return next((field for field in fields if field == name.casefold()), None)


class Form(StrEnum):
    """How near a word of an entry must be to the word of the query."""

    ANY_FORM = "any form"
    """The same stem: `policies` for `policy`. Names (author, organization, category, source) have none."""
    EXACT = "exact"
    """The same folded word: what stands in quotes."""
    PREFIX = "prefix"
    """The last word begins like this, the words before it are exact: `"safety guardrail*"`."""


class Bound(StrEnum):
    """How a value is compared."""

    AT_LEAST = ">="
    AT_MOST = "<="
    EQUAL = ""


@dataclass(frozen=True, slots=True)
class Term:
    """One word, or several side by side (a phrase), folded as `words` folds them; at least one.

    `field` None: wherever a word without a field is looked for. `written` is the query's own spelling.
    `joined` is what a word with hyphens is without them, and is looked for as well: `pretraining` for
    `pre-training`; empty where there is no such word.
    """

    words: tuple[str, ...]
    form: Form
    field: TextField | None = None
    written: str = part(default="", compare=False)
    joined: str = ""

    @property
    def spellings(self) -> tuple[tuple[str, ...], ...]:
        """The sequences of words that are looked for."""
        return (self.words, (self.joined,)) if self.joined else (self.words,)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A value against a bound, which is itself allowed."""

    field: ValueField
    bound: Bound
    value: date | int


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts hold; at least two."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of the parts holds, or more; at least two."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Node"


Node = Term | Comparison | And | Or | Not


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood. Two spellings of one meaning are equal: ask once for both."""

    root: Node
    text: str = part(default="", compare=False)
    """As written."""
