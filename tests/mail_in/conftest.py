"""The post office that the tests of this folder share."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsletter.mailboxes import TrialServer
from tests.end_to_end.house import House
from tests.mail_in.post_office import Person, PostOffice
from tests.web.stages import Stages


@contextmanager
def open_office(folder: Path, stages: Stages | None = None) -> Iterator[PostOffice]:
    """Open a post office in `folder`, without a subscriber; its pages are shown on `stages`."""
    mailbox = folder / "mailbox"
    server = TrialServer(mailbox)
    port = server.start()
    try:
        house = House(folder / "news", mailbox, port)
        for path in (house.folder / "subscribers").glob("*.yaml"):
            path.unlink()
        yield PostOffice(house, stages)
    finally:
        server.stop()


@pytest.fixture
def office(tmp_path: Path, stages: Stages, _migrated_file: Path) -> Iterator[PostOffice]:
    with open_office(tmp_path, stages) as office:
        data = office.house.folder / "data"
        data.mkdir(exist_ok=True)
        shutil.copyfile(_migrated_file, data / "newsletter.db")  # to make the tables takes longer
        yield office


@pytest.fixture
def ada(office: PostOffice) -> Person:
    return Person(office, "ada@example.org", "Ada")
