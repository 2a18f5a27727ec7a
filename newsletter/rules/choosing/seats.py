"""The rounds of `rules.ranking`, for many letters at once.

There the matches are gone through one by one; here each round is worked out for its end: who is offered
a place takes it, as long as there is one and the topic has not its share. Nobody is refused for a twin here:
where two twins have places afterwards, the letter is another one, and `Seated.places` shows them both.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from newsletter.rules.choosing.finding import MOST_TOPICS, Asked, Found
from newsletter.rules.choosing.shelf import NOTHING, Numbers, places_of, scores_of
from newsletter.rules.ranking import MOST_ALSO_MATCHED, quota_of

_Flags = NDArray[np.bool_]

_COUNTS: Final = MOST_TOPICS + 1
_COUNTER_BITS: Final = 63
"""Of a number without its sign."""


@dataclass(frozen=True, slots=True, eq=False)
class Seated:
    """Who got the places of each letter, one row for each.

    `keys` are of what is chosen, in the order of the letter, `also` of what is named, best first;
    NOTHING behind them. A letter that is not `is_sure` was not looked at deep enough.
    """

    keys: Numbers
    also: Numbers
    is_sure: _Flags


@dataclass(frozen=True, slots=True, eq=False)
class _Ranked:
    """The best of each subscriber in order, down to some depth."""

    keys: Numbers
    best_topic: NDArray[np.int8]
    """Which of the subscriber's topics it answers best."""


class _Plan:
    """The places of many letters while they are given out: the key that took each, in turn."""

    def __init__(self, at_most: Numbers, topics: int) -> None:
        self.keys = np.full((len(at_most), int(at_most.max(initial=0))), NOTHING, np.int64)
        self.given = np.zeros(len(at_most), np.int64)
        self.by_topic = np.zeros((len(at_most), topics), np.int64)
        self._at_most = at_most

    @property
    def free(self) -> Numbers:
        """Return how many places of each letter are left."""
        return self._at_most - self.given

    def give(self, rows: Numbers, keys: Numbers) -> None:
        """Give the next place of each of these letters, which have one, to a key."""
        self.keys[rows, self.given[rows]] = keys
        self.given[rows] += 1

    def give_to(self, is_offered: _Flags, keys: Numbers) -> _Flags:
        """Give places to some of the keys of each letter, in their order; return which of them took one."""
        turn, free = _counted(is_offered), self.free
        is_taking = is_offered & (turn <= free[:, None])
        rows, columns = np.nonzero(is_taking)
        self.keys[rows, self.given[rows] + turn[rows, columns] - 1] = keys[rows, columns]
        self.given += np.minimum(turn[:, -1], free)
        return is_taking


def seat(asked: Asked, found: Found, depth: int) -> Seated:
    """Give out the places of all letters, looking at the `depth` best of each subscriber."""
    plan = _Plan(asked.at_most, asked.topics.shape[1])
    _one_for_each_topic(plan, found)
    ranked = _ranked(found, depth)
    is_left = (ranked.keys >= 0) & ~_is_among(ranked.keys, plan.keys)
    shares = _quotas(asked, found)[:, None] - plan.by_topic
    is_left &= ~plan.give_to(_is_within(shares, ranked, is_left), ranked.keys)
    # Deeper down there may be some whose topic still waits for its share.
    is_sure = (plan.free == 0) | (ranked.keys[:, -1] < 0) | (depth >= found.ranked.shape[1])
    is_left &= ~plan.give_to(is_left, ranked.keys)
    order = np.argsort(-scores_of(plan.keys), axis=1, kind="stable")
    keys = np.take_along_axis(plan.keys, order, axis=1)
    return Seated(keys, _first(is_left, ranked.keys), is_sure)


def _one_for_each_topic(plan: _Plan, found: Found) -> None:
    """Give one place to the best of each topic, topics in the order of their best."""
    everyone = np.arange(len(found.best))
    numbers = found.number(everyone[:, None], places_of(found.best))
    masks, best_topic = found.finds.masks[numbers], found.finds.best_topics[numbers]
    slots = np.broadcast_to(np.arange(found.best.shape[1]), found.best.shape)
    turns = np.lexsort((slots, -found.own, -found.best), axis=-1)
    fed = np.zeros(len(everyone), np.uint16)
    for turn in turns.T:
        best = found.best[everyone, turn]
        is_hungry = ((fed >> turn) & 1) == 0
        rows = np.flatnonzero((best >= 0) & is_hungry & (plan.free > 0))
        fed[rows] |= masks[rows, turn[rows]]
        plan.by_topic[rows, best_topic[rows, turn[rows]]] += 1
        plan.give(rows, best[rows])


def _ranked(found: Found, depth: int) -> _Ranked:
    keys = found.ranked[:, :depth]
    numbers = found.number(np.arange(len(keys))[:, None], places_of(keys))
    return _Ranked(keys, found.finds.best_topics[numbers])


def _quotas(asked: Asked, found: Found) -> Numbers:
    """Return how many places a topic may get in each letter before it waits."""
    counts = (found.best >= 0).sum(axis=1)
    pairs, which = np.unique(asked.at_most * _COUNTS + counts, return_inverse=True)
    known = [quota_of(*divmod(pair, _COUNTS)) for pair in pairs.tolist()]
    return np.array(known)[which]


def _is_within(shares: Numbers, ranked: _Ranked, is_left: _Flags) -> _Flags:
    """Return which of those left are among the first of their topic, of which each letter has a share.

    What was counted of several topics stands side by side in one number: they are counted in one go.
    """
    depth = is_left.shape[1]
    bits = depth.bit_length()
    most = (1 << bits) - 1
    at_once = _COUNTER_BITS // bits
    shares = np.clip(shares, 0, most)
    is_within = np.zeros_like(is_left)
    for first in range(0, shares.shape[1], at_once):
        some = shares[:, first : first + at_once]
        turn = ranked.best_topic.astype(np.int64) - first
        is_one = is_left & (turn >= 0) & (turn < some.shape[1])
        shift = np.where(is_one, turn, 0) * bits
        counts = np.cumsum(is_one.astype(np.int64) << shift, axis=1)
        allowed = (some << np.arange(some.shape[1]) * bits).sum(axis=1)
        is_within |= is_one & (((counts >> shift) & most) <= ((allowed[:, None] >> shift) & most))
    return is_within


def _counted(flags: _Flags) -> NDArray[np.int16]:
    """Return how many of each row are true up to there: small numbers, for little is to be moved."""
    return np.cumsum(flags, axis=1, dtype=np.int16)


def _is_among(keys: Numbers, others: Numbers) -> _Flags:
    """Return which of the keys of each row are among the others of that row."""
    is_there = np.zeros(keys.shape, np.bool_)
    for column in others.T:
        is_there |= keys == column[:, None]
    return is_there


def _first(is_left: _Flags, keys: Numbers) -> Numbers:
    """Return the first few that are left of each row."""
    also = np.full((len(keys), MOST_ALSO_MATCHED), NOTHING, np.int64)
    turn = _counted(is_left)
    rows, columns = np.nonzero(is_left & (turn <= MOST_ALSO_MATCHED))
    also[rows, turn[rows, columns] - 1] = keys[rows, columns]
    return also
