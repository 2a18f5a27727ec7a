"""What of a query can be scored, and on which scale; and in which rows it holds."""

from collections.abc import Iterable, Iterator

import numpy as np

from newsletter.indexing.postings import Mask, Postings
from newsletter.rules.query import And, Comparison, Node, Not, Or, Term


def scored_terms(node: Node) -> Iterator[Term]:
    """Yield the terms that an entry is wanted for: all but those below a Not."""
    match node:
        case Term():
            yield node
        case And(parts) | Or(parts):
            for part in parts:
                yield from scored_terms(part)


def full_score(node: Node, postings: Postings) -> float:
    """Return what an entry that is wholly about `node` scores: the scale of its topic.

    A term gives its rarity; of parts that must all hold the sum counts, of alternatives the
    mean, since an entry need not speak of all of them. 0 when there is nothing to score.
    """
    match node:
        case Term():
            return postings.of(node).rarity
        case And(parts):
            return sum(full_score(part, postings) for part in parts)
        case Or(parts):
            scores = [score for part in parts if (score := full_score(part, postings))]
            return sum(scores) / len(scores) if scores else 0.0
        case _:
            return 0.0


def rows_where(node: Node, postings: Postings) -> Mask:
    """Return for which rows `node` is true, as `rules.query.holds` has it."""
    match node:
        case Term():
            mask = np.zeros(postings.size, np.bool_)
            mask[postings.of(node).rows] = True
            return mask
        case Comparison():
            return postings.fulfilling(node)
        case Not(part):
            return ~rows_where(part, postings)
        case And(parts):
            return _folded(np.logical_and, parts, postings)
        case Or(parts):
            return _folded(np.logical_or, parts, postings)


def _folded(fold: np.ufunc, parts: Iterable[Node], postings: Postings) -> Mask:
    mask: Mask = fold.reduce([rows_where(part, postings) for part in parts])
    return mask
