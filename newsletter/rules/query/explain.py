"""How a query was understood, in words."""

from collections.abc import Iterator

from newsletter.rules.query.holding import has_forms
from newsletter.rules.query.tree import (
    And,
    Bound,
    Comparison,
    Form,
    Node,
    Not,
    Query,
    Term,
    TextField,
    ValueField,
)

_PLACES = {
    None: "in title, abstract or category",
    TextField.TITLE: "in the title",
    TextField.ABSTRACT: "in the abstract",
    TextField.AUTHOR: "as author",
    TextField.ORGANIZATION: "as organization",
    TextField.CATEGORY: "as category",
    TextField.SOURCE: "as source",
}
_BOUNDS = {Bound.AT_LEAST: "at least ", Bound.AT_MOST: "at most ", Bound.EQUAL: "exactly "}
_DAYS = {Bound.AT_LEAST: "on or after ", Bound.AT_MOST: "on or before ", Bound.EQUAL: "on "}
_OPERATOR_WORDS = frozenset({"and", "or", "not"})


def explain(query: Query) -> str:
    """Return how `query` was understood: one line for each leaf, indented below what joins them."""
    return "\n".join(_lines(query.root, ""))


def describe(node: Node) -> str:
    """Return one node in words, without the parts below it."""
    return next(_lines(node, ""))


def _lines(node: Node, indent: str) -> Iterator[str]:
    match node:
        case Term():
            yield indent + _term(node)
        case Comparison():
            yield indent + _comparison(node)
        case Not(part):
            yield f"{indent}not:"
            yield from _lines(part, f"{indent}  ")
        case _:
            yield f"{indent}{'all' if isinstance(node, And) else 'any'} of:"
            for part in node.parts:
                yield from _lines(part, f"{indent}  ")


def _term(term: Term) -> str:
    said = " ".join(term.words)
    ending = "…" if term.form is Form.PREFIX else ""
    shown = " or ".join(f"“{' '.join(spelling)}{ending}”" for spelling in term.spellings)
    if term.form is Form.EXACT:
        shown += " word for word"
    elif has_forms(term):
        shown += " in any form"
    hint = f" (for the operator write {said.upper()})" if said in _OPERATOR_WORDS else ""
    return f"{shown} {_PLACES[term.field]}{hint}"


def _comparison(comparison: Comparison) -> str:
    if comparison.field is ValueField.UPVOTES:
        return f"{_BOUNDS[comparison.bound]}{comparison.value} up-votes"
    return f"published {_DAYS[comparison.bound]}{comparison.value}"
