"""Web apps served for real, on a free port."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest
from starlette.applications import Starlette

from tests.web.plain_client import client_of
from tests.web.stages import Stages


@pytest.fixture
def serve(stages: Stages) -> Iterator[Callable[[Starlette], httpx.Client]]:
    with ExitStack() as stack:

        def start(app: Starlette) -> httpx.Client:
            stage = stages.show(app)
            stack.callback(stages.free, stage)
            return stack.enter_context(client_of(stage.url))

        yield start
