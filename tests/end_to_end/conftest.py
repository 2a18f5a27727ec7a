"""The houses that the tests live in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.mailboxes import TrialServer
from tests.end_to_end.house import MONDAY, House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    mailbox = tmp_path / "mailbox"
    server = TrialServer(mailbox)
    port = server.start()
    try:
        yield House(tmp_path / "news", mailbox, port)
    finally:
        server.stop()


@pytest.fixture
def ready(house: House) -> House:
    """A house with the sample entries collected and its three examples vouched for."""
    assert house.run("collect", "--now", MONDAY).code == 0
    assert house.vouch().code == 0
    return house
