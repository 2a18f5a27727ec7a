"""How a query was understood, in words."""

from collections.abc import Iterator

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
    match term.form:
        case Form.PREFIX:
            shown = f"“{said}…”"
        case Form.EXACT:
            shown = f"“{said}” word for word"
        case _:
            shown = f"“{said}” in any form" if _has_forms(term) else f"“{said}”"
    hint = f" (for the operator write {said.upper()})" if said in _OPERATOR_WORDS else ""
    return f"{shown} {_PLACES[term.field]}{hint}"


def _has_forms(term: Term) -> bool:
    return term.field in {None, TextField.TITLE, TextField.ABSTRACT}


def _comparison(comparison: Comparison) -> str:
    if comparison.field is ValueField.UPVOTES:
        return f"{_BOUNDS[comparison.bound]}{comparison.value} up-votes"
    return f"published {_DAYS[comparison.bound]}{comparison.value}"
