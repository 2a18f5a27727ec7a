"""Vectors of length 1, whatever a model gave."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from newsletter.ports import Vectors

_SHORTEST: Final = 1e-12


def of_length_one(rows: NDArray[np.float32]) -> Vectors:
    """Return each row at length 1; a row that is no number, or has no direction, becomes zeros."""
    lengths = np.linalg.norm(rows.astype(np.float64), axis=1, keepdims=True)
    is_usable = np.isfinite(lengths) & (lengths > _SHORTEST)
    with np.errstate(all="ignore"):
        return np.where(is_usable, rows / lengths, 0.0).astype(np.float32)
