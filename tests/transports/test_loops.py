"""The loop that deliveries run in."""

import asyncio
import importlib.util

from newsletter.transports import run


def test_work_is_run_to_its_end_in_the_fastest_loop_there_is() -> None:
    async def loop_module() -> str:
        return type(asyncio.get_running_loop()).__module__

    is_there = importlib.util.find_spec("uvloop") is not None
    assert run(loop_module()).startswith("uvloop" if is_there else "asyncio")
