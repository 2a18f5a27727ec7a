"""The topic language: what `query` and `mute` say, and what a word is. The door of this room.

User text never reaches the syntax of a search engine: it becomes a tree of our own.
"""

from newsletter.rules.query.complaints import show_error
from newsletter.rules.query.content import content_words
from newsletter.rules.query.explain import explain
from newsletter.rules.query.parser import MAXIMUM_DEPTH, MAXIMUM_LENGTH, parse
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
    "And",
    "Bound",
    "Comparison",
    "Form",
    "Node",
    "Not",
    "Or",
    "PlacedWord",
    "Query",
    "Term",
    "TextField",
    "ValueField",
    "content_words",
    "explain",
    "fold",
    "parse",
    "placed_words",
    "readable",
    "show_error",
    "words",
]
