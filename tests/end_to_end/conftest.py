"""The houses that the tests live in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsletter.mailboxes import TrialServer
from newsletter.testing import ScriptedSmtpServer
from tests.end_to_end.house import MONDAY, House
from tests.end_to_end.next_hop import Witness


@contextmanager
def lived_in(folder: Path) -> Iterator[House]:
    """Yield a house in `folder` with a server that takes its letters."""
    mailbox = folder / "mailbox"
    server = TrialServer(mailbox)
    port = server.start()
    try:
        yield House(folder / "news", mailbox, port)
    finally:
        server.stop()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with lived_in(tmp_path) as house:
        yield house


@pytest.fixture(scope="session")
def _made_ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a house that was made ready once, for others to be furnished like it."""
    with lived_in(tmp_path_factory.mktemp("ready")) as house:
        assert house.run("collect", "--now", MONDAY).code == 0
        assert house.vouch().code == 0
        return house.folder


@pytest.fixture
def ready(house: House, _made_ready: Path) -> House:
    """A house with the sample entries collected and its three examples vouched for."""
    house.furnish_like(_made_ready)
    return house


@pytest.fixture
def server() -> Iterator[ScriptedSmtpServer]:
    with ScriptedSmtpServer() as running:
        yield running


@pytest.fixture
def witness(url: str, server: ScriptedSmtpServer) -> Iterator[Witness]:
    opened = Witness(url, server)
    yield opened
    opened.close()
