"""Letters in the browser, private feeds and the archive, over a newsletter that really sent letters."""

import email
import importlib.util
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from email.message import Message
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
import pytest

from newsletter.bootstrap import Newsroom, feed_address, open_newsroom, receiving
from newsletter.model import EmailAddress
from newsletter.rules.addresses import address_key
from newsletter.web import WebServer, make_app, site_of
from tests.end_to_end.house import MONDAY, House
from tests.web.feed_checks import check_atom, check_json_feed
from tests.web.plain_client import client_of

MAILCHECK: Final = (
    Path(os.environ.get("NEWSLETTER_SHARED", Path(__file__).parents[3] / "shared"))
    / "tools"
    / "mailcheck.py"
)
LATER: Final = "2026-11-25T08:00+00:00"
Open = Callable[[str], httpx.Client]


@pytest.fixture
def sent(ready: House) -> House:
    """The three examples with a letter each."""
    assert ready.run("send", "--ignore-schedule", "--now", MONDAY).code == 0
    return ready


@pytest.fixture
def open_pages(sent: House) -> Iterator[Open]:
    """Serve the pages of the house as of a moment."""
    closing: list[Callable[[], object]] = []

    def start(now: str) -> httpx.Client:
        opening = room_of(sent, now)
        room = opening.__enter__()
        server = WebServer(make_app(site_of(room, receiving(room))), port=0)
        server.start()
        client = client_of(server.url)
        closing.extend((lambda: opening.__exit__(None, None, None), server.stop, client.close))
        return client

    yield start
    for close in reversed(closing):
        close()


def room_of(house: House, now: str) -> AbstractContextManager[Newsroom]:
    return open_newsroom(house.folder / "config.yaml", now=datetime.fromisoformat(now))


def parts_of(octets: bytes) -> dict[str, bytes]:
    """Return the text and the HTML of a message, with the line ends of a page."""
    message: Message = email.message_from_bytes(octets)
    found = {part.get_content_type(): part.get_payload(decode=True) for part in message.walk()}
    return {
        kind: one.replace(b"\r\n", b"\n") for kind, one in found.items() if isinstance(one, bytes)
    }


def path_in(text: bytes, prefix: str) -> str:
    """Return the path of the link of a letter that begins so."""
    words = text.decode().split()
    return next(urlsplit(word).path for word in words if urlsplit(word).path.startswith(prefix))


def test_every_letter_can_be_seen_as_it_was_sent(sent: House, open_pages: Open) -> None:
    client = open_pages(MONDAY)
    letters = sent.deliveries()
    assert len(letters) == 3
    for one in letters:
        parts = parts_of(one.octets)
        page = client.get(path_in(parts["text/plain"], "/letters/"))
        assert page.status_code == 200
        wanted = parts.get("text/html", parts["text/plain"])
        assert page.content.rstrip(b"\n") == wanted.rstrip(b"\n")
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["x-robots-tag"] == "noindex"
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        kind = "html" if "text/html" in parts else "plain"
        assert page.headers["content-type"] == f"text/{kind}; charset=utf-8"


def test_no_other_token_of_a_letter_shows_it(sent: House, open_pages: Open) -> None:
    client = open_pages(MONDAY)
    text = parts_of(sent.deliveries()[0].octets)["text/plain"]
    view = path_in(text, "/letters/").removeprefix("/letters/")
    leave = path_in(text, "/unsubscribe/").removeprefix("/unsubscribe/")
    changed = view[:-1] + ("a" if view[-1] != "a" else "b")
    pages = [client.get(f"/letters/{one}") for one in (leave, changed, "x", "x" * 300, "%00")]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert "no longer kept" in pages[0].text


def test_a_letter_that_is_forgotten_is_no_longer_kept(sent: House, open_pages: Open) -> None:
    path = path_in(parts_of(sent.deliveries()[0].octets)["text/plain"], "/letters/")
    assert open_pages(MONDAY).get(path).status_code == 200
    much_later = (datetime.fromisoformat(MONDAY) + timedelta(days=100)).isoformat()
    assert sent.run("purge", "--now", much_later).code == 0
    page = open_pages(much_later).get(path)
    assert page.status_code == 404
    assert "no longer kept" in page.text


@pytest.mark.skipif(not MAILCHECK.exists(), reason="the shared mail checks are not at hand")
def test_letters_with_these_links_pass_the_shared_checks(sent: House) -> None:
    spec = importlib.util.spec_from_file_location("mailcheck", MAILCHECK)
    assert spec
    assert spec.loader
    checks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(checks)
    for one in sent.deliveries():
        failures = checks.check(one.octets)
        assert [failure for failure in failures if failure[0].startswith(("E", "A11", "A17"))] == []


def test_the_feed_of_a_subscriber_holds_the_entries_of_their_letters(
    sent: House, open_pages: Open
) -> None:
    with room_of(sent, MONDAY) as room:
        address = feed_of(room, sent)
    client = open_pages(MONDAY)
    path = urlsplit(address).path
    atom = client.get(path)
    read = check_atom(atom.content)
    assert atom.headers["cache-control"] == "private, no-cache"
    assert atom.headers["x-robots-tag"] == "noindex"
    letter = next(one for one in sent.deliveries() if one.recipient.startswith("ada"))
    text = " ".join(parts_of(letter.octets)["text/plain"].decode().split())
    assert read.entries
    for entry in read.entries:
        assert " ".join(entry.title.split()) in text
    feed = check_json_feed(client.get(path.replace(".atom", ".json")).content)
    assert [item["id"] for item in feed["items"]] == [entry.id for entry in read.entries]
    again = client.get(path, headers={"If-None-Match": atom.headers["etag"]})
    assert again.status_code == 304
    for wrong in (
        path[:-20] + "/feed.atom",
        path.replace("atom", "rss"),
        f"/feeds/{'a' * 60}/feed.atom",
    ):
        assert client.get(wrong).status_code == 404


def feed_of(room: Newsroom, house: House) -> str:
    address = next(one.recipient for one in house.deliveries() if one.recipient.startswith("ada"))
    person = room.subscribers.find(address_key(EmailAddress(address)))
    assert person
    found = feed_address(room, person)
    assert found
    return found


def test_a_feed_ends_with_the_subscription_and_after_thirty_days(
    sent: House, open_pages: Open
) -> None:
    with room_of(sent, MONDAY) as room:
        path = urlsplit(feed_of(room, sent)).path
    later = (datetime.fromisoformat(MONDAY) + timedelta(days=31)).isoformat()
    assert check_atom(open_pages(later).get(path).content).entries == []
    address = next(one.recipient for one in sent.deliveries() if one.recipient.startswith("ada"))
    assert sent.run("subscribers", "remove", address).code == 0
    assert open_pages(later).get(path).status_code == 404


def test_the_archive_is_built_by_a_command_and_read_by_everybody(
    sent: House, open_pages: Open
) -> None:
    built = sent.run("archive", "build", "--days", "2", "--now", LATER, "--json")
    assert built.code == 0
    days = {one["day"]: one for one in built.json["days"]}
    assert set(days) == {"2026-11-23", "2026-11-24"}
    assert days["2026-11-23"]["editions"] > 5
    assert days["2026-11-24"] == {"day": "2026-11-24", "editions": 0, "entries": 0}
    again = sent.run("archive", "build", "--days", "2", "--now", LATER)
    assert "2026-11-23   0          0" in again.out
    client = open_pages(LATER)
    page = client.get("/archive/2026-11-23")
    assert page.status_code == 200
    # What everybody may read is what a purge leaves alone
    before = page.text
    much_later = (datetime.fromisoformat(MONDAY) + timedelta(days=200)).isoformat()
    assert sent.run("purge", "--now", much_later).code == 0
    assert open_pages(much_later).get("/archive/2026-11-23").text == before
    for kind, check in (("atom", check_atom), ("json", check_json_feed)):
        check(client.get(f"/archive/feed.{kind}").content)


def test_an_operator_who_wants_no_archive_has_none(sent: House, open_pages: Open) -> None:
    path = sent.folder / "config.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        f"{text}\nweb: {{archive: no}}\n" if "\nweb:" not in text else text, encoding="utf-8"
    )
    assert "web: {archive: no}" in path.read_text(encoding="utf-8")
    told = sent.run("archive", "build", "--now", LATER)
    assert "There is no archive" in told.err
    assert open_pages(LATER).get("/archive").status_code == 404
