"""The arrays of this rule, by name."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Rows: TypeAlias = NDArray[np.intp]
"""Places of texts or words, one-dimensional."""

Floats: TypeAlias = NDArray[np.float64]
"""One number for each text, word or vote."""

Numbers: TypeAlias = NDArray[np.float32]
"""A table: one row for each of some texts, one column for each of others, or of directions."""
