"""A network in memory: the adapter of onnxruntime."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from newsletter.embedding.lengths import of_length_one
from newsletter.embedding.tokens import missing_library, short
from newsletter.errors import MeaningError
from newsletter.ports import Vectors

_ONLY_ERRORS: Final = 3
_RANK: Final = 3
_INPUTS: Final = frozenset({"input_ids", "attention_mask", "token_type_ids"})


class Network:
    """A model of the MiniLM class: tokens in, a vector for each token out; their mean is the text's.

    Each run takes one thread, that of its caller; several may run at once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._session = _load(path)
        self._inputs = {one.name for one in self._session.get_inputs()}
        if "input_ids" not in self._inputs or not self._inputs <= _INPUTS:
            named = ", ".join(sorted(self._inputs))
            message = f"{path}: asks for {named}; a model that is used here takes {_named_inputs()}"
            raise MeaningError(message)

    def rows(self, batch: Sequence[Sequence[int]]) -> Vectors:
        """Return one row of length 1 for each list of tokens; none of them may be empty.

        Raises MeaningError when the network cannot be run.
        """
        ids = np.zeros((len(batch), max(map(len, batch))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        told = self._run(ids, mask)
        # An infinite number times 0 is none; what a network says of the padding must not matter.
        kept = np.where(mask[:, :, None] == 1, told, np.float32(0))
        with np.errstate(all="ignore"):  # what is no number becomes zeros
            return of_length_one(kept.sum(axis=1) / mask.sum(axis=1, keepdims=True))

    def _run(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        every = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        try:
            told = self._session.run(None, {name: every[name] for name in self._inputs})
        except Exception as error:  # its kinds of errors have no root but this
            message = f"{self._path}: cannot be run ({short(error)})"
            raise MeaningError(message) from error
        for one in told:
            if getattr(one, "ndim", 0) == _RANK and one.shape[:2] == ids.shape and one.shape[2]:
                return np.asarray(one, dtype=np.float32)
        message = f"{self._path}: gives no vector for each token, so it is no model of this kind"
        raise MeaningError(message)


def _load(path: Path) -> Any:
    try:
        import onnxruntime  # noqa: PLC0415 - only who embeds loads it
    except ImportError as error:
        raise missing_library(error.name or "onnxruntime") from error
    options = onnxruntime.SessionOptions()
    # Texts are shared out over threads of ours: the library's own would turn idly between two
    # runs, and took 1.2 to 1.6 times the processor's time for the same texts.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _ONLY_ERRORS
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its kinds of errors have no root but this
        message = f"{path}: cannot be loaded as a network ({short(error)})"
        raise MeaningError(message) from error


def _named_inputs() -> str:
    return ", ".join(sorted(_INPUTS))
