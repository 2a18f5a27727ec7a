"""How long something takes at its best: other work on a machine makes it longer, never shorter."""

from collections.abc import Callable
from time import thread_time
from typing import Final, TypeVar

_TRIES: Final = 3
_Result = TypeVar("_Result")


def soon(work: Callable[[], _Result], seconds: float) -> _Result:
    """Return what `work` returns; fail when it computes longer than `seconds` each time it is tried."""
    for _ in range(_TRIES):
        began = thread_time()
        result = work()
        spent = thread_time() - began
        if spent < seconds:
            return result
    raise AssertionError(f"{spent:.2f} s of this thread, {seconds} s at most")
