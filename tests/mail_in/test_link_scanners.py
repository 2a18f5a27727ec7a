"""Programs follow every link of every letter before its reader does: that must change nothing.

NEWSLETTER_SCANNED_LETTERS=1000 looks at as many letters as the promise names.
"""

import html
import http.client
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Final

from newsletter.model import SubscriptionState
from tests.end_to_end.house import Delivery
from tests.mail_in.post_office import START, PostOffice
from tests.mail_in.test_links import DAY

LETTERS: Final = int(os.environ.get("NEWSLETTER_SCANNED_LETTERS", "20"))
ONE_CLICK: Final = re.compile(
    rb"^List-Unsubscribe:\s*<https://[^/]+(/unsubscribe/[^>]+)>", re.MULTILINE
)
PAGES: Final = "https://news.example.org"
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class Client:
    """One connection to our own pages."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)

    def close(self) -> None:
        self._connection.close()

    def ask(self, method: str, path: str, body: str | None = None) -> int:
        self._connection.request(method, path, body, FORM if body else {})
        answer = self._connection.getresponse()
        answer.read()
        return answer.status


@contextmanager
def pages(office: PostOffice) -> Iterator[Client]:
    with office.room() as room, office.pages(room) as url, closing(Client(url)) as client:
        yield client


def everything(office: PostOffice) -> list[str]:
    """Return every row of every table, as a backup would."""
    path = office.house.folder / "data" / "newsletter.db"
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


def documents(office: PostOffice) -> dict[str, bytes]:
    folder: Path = office.house.folder / "subscribers"
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def links_of(letter: Delivery) -> set[str]:
    """Return the paths of our own pages that stand anywhere in a letter."""
    message = message_from_bytes(letter.octets, policy=policy.default)
    texts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    texts += [str(value) for value in message.values()]
    found = re.findall(rf"{re.escape(PAGES)}(/[^\s<>\"')\]]*)", html.unescape(" ".join(texts)))
    return set(found)


def test_scanners_change_nothing_and_one_click_ends_it_for_each(office: PostOffice) -> None:
    # Given letters that were really printed, signed for and delivered to many people
    office.admit(*(f"reader{number}@example.org" for number in range(LETTERS)))
    office.wait(DAY)
    office.send_letters()
    letters = office.house.deliveries()
    assert len(letters) == LETTERS
    before, files = everything(office), documents(office)
    with pages(office) as client:
        # When a scanner looks at every link in every way that may change nothing
        looked = 0
        for letter in letters:
            links = links_of(letter)
            assert any(link.startswith("/unsubscribe/") for link in links)
            for link in links:
                for method in ("GET", "HEAD", "OPTIONS"):
                    assert client.ask(method, link) in {200, 301, 304, 307, 308, 404, 405}, link
                    looked += 1
        # Then not one row has changed, in any table, and no document
        assert looked >= 3 * 2 * LETTERS
        assert everything(office) == before
        assert documents(office) == files
        # And when each mail provider then posts its one click
        for letter in letters:
            found = ONE_CLICK.search(letter.octets)
            assert found
            status = client.ask("POST", found[1].decode(), "List-Unsubscribe=One-Click")
            assert status == 200
    with office.room() as room:
        states = {person.state for person in room.subscribers.all()}
    assert states == {SubscriptionState.UNSUBSCRIBED}
    # Then the next sends bring nobody anything
    for _ in range(3):
        office.wait(DAY)
        office.send_letters()
    assert office.now == START + 4 * DAY
    assert office.house.deliveries() == letters
