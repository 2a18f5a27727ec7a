"""The post office that the tests of this folder share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsletter.mailboxes import TrialServer
from tests.end_to_end.house import House
from tests.mail_in.post_office import Person, PostOffice


@contextmanager
def open_office(folder: Path) -> Iterator[PostOffice]:
    """Open a post office in `folder`, without a subscriber."""
    mailbox = folder / "mailbox"
    server = TrialServer(mailbox)
    port = server.start()
    try:
        house = House(folder / "news", mailbox, port)
        for path in (house.folder / "subscribers").glob("*.yaml"):
            path.unlink()
        yield PostOffice(house)
    finally:
        server.stop()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    with open_office(tmp_path) as office:
        yield office


@pytest.fixture
def ada(office: PostOffice) -> Person:
    return Person(office, "ada@example.org", "Ada")
