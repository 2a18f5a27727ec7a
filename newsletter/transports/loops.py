"""The event loop that deliveries run in: uvloop where it is installed, else that of the standard library."""

import asyncio
import importlib.util
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

_Result = TypeVar("_Result")


def run(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Run `work` to its end and return its result, as `asyncio.run` does, in the fastest loop there is.

    uvloop comes with the extra `performance`; nothing but the speed depends on it.
    """
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(work)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return how to make a loop; None: the standard library's way."""
    if importlib.util.find_spec("uvloop") is None:
        return None
    import uvloop  # noqa: PLC0415 - an extra: it need not be there

    return uvloop.new_event_loop
