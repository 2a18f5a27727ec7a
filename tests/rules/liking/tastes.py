"""Small texts to like, and a background of invented ones."""

import random
from functools import cache

import numpy as np
from numpy.typing import NDArray

from newsletter.rules.liking import Background, Seen, Taste, Texts, Vocabulary, Vote, learn

ROBOTS = "robots grasp cups with soft fingers and learn from touch"
GRIPPERS = "a soft gripper lets robots grasp fragile cups by touch"
PROTEINS = "protein folding predicted from sequence alignments of enzymes"
ENZYMES = "enzymes designed by protein folding models and alignments"
TAXES = "taxes on carbon change how households heat in winter"
ALL = (ROBOTS, GRIPPERS, PROTEINS, ENZYMES, TAXES)

_SUBJECTS = ("planets", "markets", "bridges", "viruses", "poems", "glaciers", "bees", "trains")
_DOINGS = ("orbit", "move", "carry", "spread", "rhyme", "melt", "dance", "arrive")
_RESTS = ("slowly", "in a model", "with noise", "by data", "under load", "from touch", "and learn")


def usual_texts(count: int = 120) -> list[str]:
    dice = random.Random(4)  # noqa: S311 - texts, not secrets
    return [
        " ".join((*dice.sample(_SUBJECTS, 2), *dice.sample(_DOINGS, 2), *dice.sample(_RESTS, 2)))
        for _ in range(count)
    ]


def vectors_of(texts: list[str]) -> NDArray[np.float32]:
    """Return for each text the sum of a direction for each of its words: what a model may give."""
    nothing = np.zeros(48, dtype=np.float32)
    rows = np.array([sum(map(_direction, text.split()), nothing) for text in texts])
    rows = rows.reshape(len(texts), 48)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    rows /= np.maximum(lengths, 1e-9)
    return rows


@cache
def _direction(word: str) -> NDArray[np.float32]:
    return np.random.default_rng(list(word.encode())).normal(size=48).astype(np.float32)


class Shelf:
    """Some texts before a background of others."""

    def __init__(
        self, texts: tuple[str, ...] = ALL, *, meaning: bool = False, background: int = 120
    ) -> None:
        usual = usual_texts(background)
        known = [text.split() for text in (*usual, *texts)]
        self._vocabulary = Vocabulary.of(known)
        self._meaning = meaning
        self.names = texts
        self.background = Background.of(self._texts(usual))
        self.seen = self.see(*texts)

    def see(self, *texts: str) -> Seen:
        return self.background.see(self._texts(list(texts)))

    def taste(self, *votes: tuple[str, int], ages: tuple[float, ...] = ()) -> Taste:
        days = ages or (0.0,) * len(votes)
        learned = [Vote(sign, age) for (_, sign), age in zip(votes, days, strict=True)]
        return learn(learned, self.see(*(text for text, _ in votes)), self.background)

    def scores(self, *votes: tuple[str, int], ages: tuple[float, ...] = ()) -> dict[str, float]:
        found = self.taste(*votes, ages=ages).scores(self.seen)
        return dict(zip(self.names, found.tolist(), strict=True))

    def _texts(self, texts: list[str]) -> Texts:
        terms = self._vocabulary.weigh(text.split() for text in texts)
        return Texts(terms, vectors_of(texts) if self._meaning else None)
