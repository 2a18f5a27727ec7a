"""The post office that the tests of this folder share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.mailboxes import TrialServer
from tests.end_to_end.house import House
from tests.mail_in.post_office import Person, PostOffice


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    mailbox = tmp_path / "mailbox"
    server = TrialServer(mailbox)
    port = server.start()
    try:
        house = House(tmp_path / "news", mailbox, port)
        for path in (house.folder / "subscribers").glob("*.yaml"):
            path.unlink()
        yield PostOffice(house)
    finally:
        server.stop()


@pytest.fixture
def ada(office: PostOffice) -> Person:
    return Person(office, "ada@example.org", "Ada")
