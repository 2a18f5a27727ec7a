"""What of a query can be scored, and on which scale?"""

from collections.abc import Iterator

from newsletter.indexing.postings import Postings
from newsletter.rules.query import And, Node, Or, Term


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
