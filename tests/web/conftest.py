"""Web apps served for real, on a free port."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from starlette.applications import Starlette

from newsletter.web import WebServer


@pytest.fixture
def serve() -> Iterator[Callable[[Starlette], httpx.Client]]:
    servers: list[WebServer] = []
    clients: list[httpx.Client] = []

    def start(app: Starlette) -> httpx.Client:
        server = WebServer(app, port=0)
        server.start()
        servers.append(server)
        clients.append(httpx.Client(base_url=server.url, trust_env=False))
        return clients[-1]

    yield start
    for client in clients:
        client.close()
    for server in servers:
        server.stop()
