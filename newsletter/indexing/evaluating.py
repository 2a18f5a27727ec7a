"""For which entries does a query hold, and what of it can be scored?"""

from collections.abc import Iterator
from datetime import date

from newsletter.indexing.collection import Collection
from newsletter.indexing.columns import Row
from newsletter.model import Entry
from newsletter.rules.query import And, Bound, Comparison, Node, Not, Or, Term, ValueField


def rows_where(node: Node, collection: Collection) -> set[Row]:
    """Return the rows for which `node` is true.

    A comparison with a value that is not known is false, so its negation is true.
    """
    match node:
        case Term():
            return set(collection.find(node).strengths)
        case Comparison():
            return {row for row, entry in enumerate(collection.entries) if fulfils(entry, node)}
        case Not(part):
            return set(range(len(collection.entries))) - rows_where(part, collection)
        case And(parts):
            return set.intersection(*(rows_where(part, collection) for part in parts))
        case Or(parts):
            return set.union(*(rows_where(part, collection) for part in parts))


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


def scored_terms(node: Node) -> Iterator[Term]:
    """Yield the terms that an entry is wanted for: all but those below a Not."""
    match node:
        case Term():
            yield node
        case And(parts) | Or(parts):
            for part in parts:
                yield from scored_terms(part)


def full_score(node: Node, collection: Collection) -> float:
    """Return what an entry that is wholly about `node` scores: the scale of its topic.

    A term gives its rarity; of parts that must all hold the sum counts, of alternatives the
    mean, since an entry need not speak of all of them. 0 when there is nothing to score.
    """
    match node:
        case Term():
            return collection.find(node).rarity
        case And(parts):
            return sum(full_score(part, collection) for part in parts)
        case Or(parts):
            scores = [score for part in parts if (score := full_score(part, collection))]
            return sum(scores) / len(scores) if scores else 0.0
        case _:
            return 0.0


def _value(entry: Entry, field: ValueField) -> date | int | None:
    match field:
        case ValueField.DATE:
            return entry.content.published_on
        case ValueField.UPVOTES:
            return entry.content.upvotes


def _on_a_line(value: date | int) -> int:
    return value.toordinal() if isinstance(value, date) else value
