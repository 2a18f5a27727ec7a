"""Runs of numbers: where what belongs together stands side by side in one long array."""

import numpy as np
from numpy.typing import NDArray


def runs(begins: NDArray[np.intp] | int, sizes: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the numbers from each of `begins` on, as many as `sizes` says, run behind run."""
    numbers = np.repeat(begins - np.cumsum(sizes) + sizes, sizes)
    numbers += np.arange(len(numbers))
    return numbers
