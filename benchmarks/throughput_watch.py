"""A stop-watch for the steps of a program with threads and coroutines: processor time of the thread alone."""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Generator
from functools import partial
from typing import Any


class StopWatch:
    """Adds up processor time by step; what runs inside another step is taken off the outer one."""

    def __init__(self) -> None:
        self.spent_s: defaultdict[str, float] = defaultdict(float)
        self.calls: Counter[str] = Counter()
        self._inner: dict[int, list[float]] = {}

    def restart(self) -> None:
        """Forget what was measured so far."""
        self.spent_s.clear()
        self.calls.clear()

    def wrap(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function`, watched."""

        def watched(*args: Any, **kwargs: Any) -> Any:
            return self.time(step, partial(function, *args, **kwargs))

        return watched

    def wrap_async(self, step: str, function: Callable[..., Awaitable[Any]]) -> Callable[..., Any]:
        """Return a coroutine function, watched: while it waits nothing counts."""

        async def watched(*args: Any, **kwargs: Any) -> Any:
            return await _Watched(self, step, function(*args, **kwargs))

        return watched

    def time(self, step: str, call: Callable[[], Any]) -> Any:
        """Call, and note what it took in this thread."""
        inner = self._inner.setdefault(threading.get_ident(), [])
        inner.append(0.0)
        begun_s = time.thread_time()
        try:
            return call()
        finally:
            took_s = time.thread_time() - begun_s
            self.spent_s[step] += took_s - inner.pop()
            self.calls[step] += 1
            if inner:
                inner[-1] += took_s


class _Watched:
    """Awaits another, and watches each stretch in which that runs."""

    def __init__(self, watch: StopWatch, step: str, awaited: Awaitable[Any]) -> None:
        self._watch, self._step = watch, step
        self._stretches: Any = awaited.__await__()

    def __await__(self) -> Generator[Any, Any, Any]:
        value: Any = None
        error: BaseException | None = None
        while True:
            try:
                waits_for = self._watch.time(self._step, partial(self._go_on, value, error))
            except StopIteration as end:
                return end.value
            value, error = None, None
            try:
                value = yield waits_for
            except BaseException as thrown:  # noqa: BLE001 - handed on to whom it is meant for
                error = thrown

    def _go_on(self, value: object, error: BaseException | None) -> Any:
        return self._stretches.send(value) if error is None else self._stretches.throw(error)
