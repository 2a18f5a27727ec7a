"""Read one matrix out of a safetensors file: a length, a JSON header, then plain numbers."""

import json
import struct
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from newsletter.errors import MeaningError

_PREFIX: Final = struct.Struct("<Q")
_LONGEST_HEADER: Final = 1_000_000
_DTYPES: Final = {"F16": "<f2", "F32": "<f4"}


def map_matrix(path: Path) -> NDArray[np.floating]:
    """Return the only matrix in the file, mapped: pages that are not looked at are not read.

    Raises MeaningError for a file with anything else in it.
    """
    try:
        with path.open("rb") as file:
            (length,) = _PREFIX.unpack(file.read(_PREFIX.size))
            header = json.loads(file.read(min(length, _LONGEST_HEADER)))
        tensors = [value for name, value in header.items() if name != "__metadata__"]
        (rows, columns), dtype = tensors[0]["shape"], _DTYPES[tensors[0]["dtype"]]
        begin, end = tensors[0]["data_offsets"]
        is_whole = end - begin == rows * columns * np.dtype(dtype).itemsize and len(tensors) == 1
        place = _PREFIX.size + length + begin
        matrix = np.memmap(path, dtype, mode="r", offset=place, shape=(rows, columns))
    except OSError as error:
        raise MeaningError(f"{path}: cannot be read ({error.strerror})") from error
    except (struct.error, ValueError, LookupError, TypeError, AttributeError) as error:
        raise MeaningError(f"{path}: is no matrix in a safetensors file") from error
    if not is_whole:
        raise MeaningError(f"{path}: holds more than one matrix, or not the whole of it")
    return matrix
