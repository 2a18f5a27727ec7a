"""Ways to rank by likes that are in use elsewhere: what our model of likes is measured against.

Each gets what it is usually given and, where that is not fixed, every choice that is fair: the table shows
the best of them, size by size. None of this is used by the program.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from newsletter.rules.liking import Method

MARGINS: Final = (0.1, 1.0, 10.0)
"""C of the support vector machine."""

_NEGATIVES: Final = 1_000


def peers(
    texts: Sequence[str], vectors: NDArray[np.float32] | None
) -> Iterator[tuple[str, str, Method]]:
    """Yield the name of each method, which choice it is, and the method."""
    weigh = TfidfVectorizer(sublinear_tf=True, stop_words="english", min_df=2, dtype=np.float32)
    words = weigh.fit_transform(texts)
    spaces = {"words": _Space((words @ words.T).toarray())}
    if vectors is not None:
        spaces["meaning"] = _Space(vectors @ vectors.T)
    for place, space in spaces.items():
        yield "centroid", place, space.centroid
        yield "top 3", place, space.top_three
        yield "time-weighted", place, space.time_weighted
    for margin in MARGINS:
        yield "linear SVM", f"C {margin:g}", _machine(words, margin)


class _Space:
    """All cosines between documents."""

    def __init__(self, cosines: NDArray[np.float32]) -> None:
        self._cosines = cosines

    def centroid(self, liked: Sequence[int]) -> NDArray[np.float64]:
        """Return the mean cosine: ranks as the cosine with the mean vector does."""
        return self._cosines[liked].mean(axis=0).astype(np.float64)

    def top_three(self, liked: Sequence[int]) -> NDArray[np.float64]:
        """Return the mean of the three highest cosines."""
        return np.sort(self._cosines[liked], axis=0)[-3:].mean(axis=0).astype(np.float64)

    def time_weighted(self, liked: Sequence[int]) -> NDArray[np.float64]:
        """Return the mean cosine, newer likes counting more, as a popular digest of papers has it."""
        weights = 1 / (1 + np.log10(np.arange(len(liked), 0, -1)))
        return (weights @ self._cosines[liked] / weights.sum()).astype(np.float64)


def _machine(words: NDArray[np.float32], margin: float) -> Method:
    count = words.shape[0]
    others = np.linspace(0, count - 1, min(_NEGATIVES, count)).astype(int)
    fit: Callable[..., LinearSVC] = LinearSVC(C=margin, class_weight="balanced").fit

    def score(liked: Sequence[int]) -> NDArray[np.float64]:
        negatives = np.setdiff1d(others, liked)
        rows = np.concatenate((np.asarray(liked), negatives))
        signs = np.repeat([1, -1], [len(liked), len(negatives)])
        return np.asarray(fit(words[rows], signs).decision_function(words), dtype=np.float64)

    return score
