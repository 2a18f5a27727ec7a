"""Work that blocks, beside an event loop: in threads that keep no program from its end."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from typing import TypeVar

_Result = TypeVar("_Result")


async def in_thread(work: Callable[[], _Result], name: str) -> _Result:
    """Return what `work` returns, or raise what it raises; whoever is cancelled lets it go on alone."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_Result] = loop.create_future()

    def settle(set_it: Callable[[], None]) -> None:
        if not done.done():
            set_it()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - who waits raises it
            problem = error
            end = lambda: settle(lambda: done.set_exception(problem))  # noqa: E731
        else:
            end = lambda: settle(lambda: done.set_result(result))  # noqa: E731
        with suppress(RuntimeError):  # the loop is gone: nobody waits any more
            loop.call_soon_threadsafe(end)

    # What is being worked on goes along: lines of the log and spans say it.
    here = copy_context()
    threading.Thread(target=here.run, args=(run,), name=name, daemon=True).start()
    return await done
