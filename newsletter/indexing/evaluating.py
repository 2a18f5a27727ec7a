"""For which entries does a query hold, and what of it can be scored?"""

from collections.abc import Iterator

from newsletter.indexing.collection import Collection
from newsletter.indexing.columns import Row
from newsletter.rules.query import And, Comparison, Node, Not, Or, Term, fulfils


def rows_where(node: Node, collection: Collection) -> set[Row]:
    """Return the rows for which `node` is true, as `rules.query.holds` has it."""
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
