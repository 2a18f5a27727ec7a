"""What an entry is worth to one subscriber, as named summands.

All values are whole multiples of a power of one half, so that they add up without any rounding: the
terms of a match sum to its score exactly, in any order.
"""

from collections.abc import Sequence
from math import log1p
from typing import Final

from newsletter.model import EntryContent, Reason, ReasonKind, ScoreTerm, Topic, TopicHit

FURTHER_TOPIC_SHARE: Final = 0.25
"""What a second topic adds, and each after it: an entry for two topics is better, not twice as good."""

FOLLOW_GAIN: Final = 1.0
"""As much as a topic can give at weight 1: what one follows stands high in the letter."""

UPVOTE_GAIN: Final = 0.02
COMMENT_GAIN: Final = 0.01
"""For each factor e: 100 up-votes give .09, 1,000 give .14. Popularity decides between entries that are
about equally relevant, and never makes an entry match."""

_FRACTIONS: Final = 2.0**20


def topic_terms(hits: Sequence[tuple[Topic, TopicHit]]) -> tuple[ScoreTerm, ...]:
    """Return one term for each topic that matched, best first: the best whole, the others in part."""
    return tuple(
        ScoreTerm(
            topic_name(topic.title, topic.weight, place),
            exact(weighted(topic, hit) * _share(place)),
        )
        for place, (topic, hit) in enumerate(hits)
    )


def weighted(topic: Topic, hit: TopicHit) -> float:
    """Return what `hit` is worth to a subscriber who gave `topic` its weight."""
    return topic.weight * hit.score


def follow_terms(reasons: Sequence[Reason]) -> tuple[ScoreTerm, ...]:
    """Return one term for each followed name; further names count as further topics do."""
    return tuple(
        ScoreTerm(f"follow {reason.subject}", exact(FOLLOW_GAIN * _share(place)))
        for place, reason in enumerate(reasons)
    )


def prior_terms(content: EntryContent) -> tuple[ScoreTerm, ...]:
    """Return what up-votes and comments add to an entry that matches; () when there are none."""
    known = (
        ("up-votes", UPVOTE_GAIN, content.upvotes),
        ("comments", COMMENT_GAIN, content.comments),
    )
    return tuple(
        ScoreTerm(name, exact(gain * log1p(count)))
        for name, gain, count in known
        if count and count > 0
    )


def source_terms(terms: Sequence[ScoreTerm], weight: float) -> tuple[ScoreTerm, ...]:
    """Return what a source's `weight` adds to the sum of `terms`, or takes from it; () for weight 1."""
    if weight == 1:
        return ()
    total = sum(term.value for term in terms)
    return (ScoreTerm(source_name(weight), exact(total * (weight - 1))),)


def trending_terms(content: EntryContent, most_upvotes: int) -> tuple[ScoreTerm, ...]:
    """Return the score of an entry that is shown for its popularity alone: up-votes, then comments.

    Up-votes as a share of `most_upvotes` + 1; all comments together weigh less than one up-vote.
    """
    upvotes, comments = max(content.upvotes or 0, 0), max(content.comments or 0, 0)
    one_vote = 1 / (most_upvotes + 1)
    values = {"up-votes": upvotes * one_vote, "comments": one_vote * comments / (comments + 1)}
    return tuple(ScoreTerm(name, exact(value)) for name, value in values.items() if value)


def trending_reason(content: EntryContent) -> Reason:
    """Return why an entry is shown for its popularity alone."""
    if content.upvotes:
        subject = f"{content.upvotes} up-vote{'s' * (content.upvotes != 1)}"
    elif content.comments:
        subject = "among the most discussed"
    else:
        subject = "among the newest"
    return Reason(ReasonKind.TRENDING, subject)


def topic_name(title: str, weight: float, place: int) -> str:
    """Return how the term of a topic is called that is the best one for its entry, or comes after that."""
    times = "" if weight == 1 else _times(weight)
    return f"topic {title}{times}" if place == 0 else f"also topic {title}{times}"


def source_name(weight: float) -> str:
    """Return how the term of the weight of an entry's sources is called."""
    return f"source{_times(weight)}"


def _times(weight: float) -> str:
    return f" \N{MULTIPLICATION SIGN} {weight:g}"


def _share(place: int) -> float:
    return 1.0 if place == 0 else FURTHER_TOPIC_SHARE


def exact(value: float) -> float:
    """Return the nearest number of which any sum is free of rounding."""
    return round(value * _FRACTIONS) / _FRACTIONS
