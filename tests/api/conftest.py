"""A newsletter with letters sent, and its API served for real."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import httpx
import pytest

from newsletter.bootstrap import make_token, open_newsroom, receiving
from newsletter.mailboxes import TrialServer
from newsletter.model import Scope
from newsletter.web import WebServer, make_app, site_of
from tests.end_to_end.house import House
from tests.web.plain_client import client_of

Call = Callable[..., httpx.Client]


@dataclass(frozen=True)
class ApiHouse:
    """`client` makes a client whose token has some scopes; with none it shows no token."""

    house: House
    url: str
    client: Call


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiHouse]:
    folder = tmp_path_factory.mktemp("api")
    with ExitStack() as stack:
        mail = TrialServer(folder / "mailbox")
        port = mail.start()
        stack.callback(mail.stop)
        house = House(folder / "news", folder / "mailbox", port)
        assert house.run("collect").code == 0
        assert house.vouch().code == 0
        assert house.run("send", "--ignore-schedule").code == 0
        room = stack.enter_context(open_newsroom(house.folder / "config.yaml"))
        server = WebServer(make_app(site_of(room, receiving(room))), port=0)
        server.start()
        stack.callback(server.stop)
        numbers = iter(range(1000))

        def client(*scopes: Scope) -> httpx.Client:
            headers = {}
            if scopes:
                text = make_token(room, f"test {next(numbers)}", scopes, None)
                headers["Authorization"] = f"Bearer {text}"
            made = client_of(f"{server.url}/api/v1", headers)
            stack.callback(made.close)
            return made

        yield ApiHouse(house, server.url, client)
