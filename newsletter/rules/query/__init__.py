"""The topic language: what `query` and `mute` say, and what a word is. The door of this room.

User text never reaches the syntax of a search engine: it becomes a tree of our own.
"""

from newsletter.rules.query.complaints import show_error
from newsletter.rules.query.content import content_of, content_words
from newsletter.rules.query.explain import describe, explain
from newsletter.rules.query.holding import READ, Stem, fulfils, has_forms, holds, is_category
from newsletter.rules.query.parser import MAXIMUM_DEPTH, MAXIMUM_LENGTH, parse
from newsletter.rules.query.spelling import spell
from newsletter.rules.query.texts import texts_of
from newsletter.rules.query.tree import (
    And,
    Bound,
    Comparison,
    Form,
    Node,
    Not,
    Or,
    Query,
    Term,
    TextField,
    ValueField,
)
from newsletter.rules.query.words import PlacedWord, fold, placed_words, readable, words

__all__ = [
    "MAXIMUM_DEPTH",
    "MAXIMUM_LENGTH",
    "READ",
    "And",
    "Bound",
    "Comparison",
    "Form",
    "Node",
    "Not",
    "Or",
    "PlacedWord",
    "Query",
    "Stem",
    "Term",
    "TextField",
    "ValueField",
    "content_of",
    "content_words",
    "describe",
    "explain",
    "fold",
    "fulfils",
    "has_forms",
    "holds",
    "is_category",
    "parse",
    "placed_words",
    "readable",
    "show_error",
    "spell",
    "texts_of",
    "words",
]
