"""Every link in every mail of a whole life: looking changes nothing, pressing does what it says."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import httpx

from newsletter.bootstrap import receiving
from newsletter.model import AddressKey, SubscriptionState
from newsletter.rules.inbound import OwnNames, read_destination
from newsletter.workflows import tell_who_left
from tests.mail_in.post_office import Person, Post, PostOffice, Window
from tests.web.plain_client import client_of

NEWS = "news@news.example.org"
PAGES = "https://news.example.org"
DAY = timedelta(days=1)
LOOKS = ("GET", "HEAD", "OPTIONS")


@contextmanager
def pages(office: PostOffice) -> Iterator[tuple[httpx.Client, Window]]:
    """Serve the web pages as `serve` does."""
    with (
        office.window() as window,
        office.pages(window.newsroom, window.ports) as url,
        client_of(url) as client,
    ):
        yield client, window


def links_of(post: Post) -> set[str]:
    """Return every address in a mail that a program could follow."""
    header = str(post.message["List-Unsubscribe"] or "")
    found = re.findall(r"<([^<>\s]+)>", header)
    found += re.findall(r"(?:https?|mailto):[^\s<>\"')\]]+", post.text)
    found += [html.unescape(one) for one in re.findall(r'(?:href|src|action)="([^"]*)"', post.html)]
    return set(found)


def ours(post: Post) -> list[str]:
    """Return the paths of our own pages in a mail."""
    return sorted(one.removeprefix(PAGES) for one in links_of(post) if one.startswith(PAGES))


def state(office: PostOffice, person: Person) -> SubscriptionState | None:
    with office.room() as room:
        found = room.subscribers.find(AddressKey(person.address))
    return found.state if found else None


def look(office: PostOffice, post: Post) -> None:
    """Follow every link of a mail as scanners do."""
    with pages(office) as (client, window):
        before = (window.dump(), window.waiting())
        for link in ours(post):
            for method in LOOKS:
                for path in (link, f"{link}?List-Unsubscribe=One-Click", f"{link}/"):
                    answer = client.request(method, path)
                    assert answer.status_code in {200, 307, 404, 405}, path
                    assert answer.status_code != 405 or method == "OPTIONS"
            assert client.get(link).status_code == client.head(link).status_code == 200, link
        assert (window.dump(), window.waiting()) == before
    for link in links_of(post):
        assert link.startswith(("https://", "mailto:", "#")), link
        if link.startswith("mailto:"):
            to = urlsplit(link).path.replace("%2B", "+")
            is_ours = read_destination(to, OwnNames("news.example.org")) is not None
            assert is_ours or to == "editor@example.org"


def press(office: PostOffice, link: str, name: str, value: str) -> int:
    with pages(office) as (client, _):
        return client.post(link, data={name: value}).status_code


def only(post: Post, page: str) -> str:
    (link,) = [one for one in ours(post) if f"/{page}/" in one]
    return link


def test_looking_at_every_link_changes_nothing_and_pressing_does(
    office: PostOffice, ada: Person
) -> None:
    ada.write(NEWS, "subscribe")
    question = ada.post()
    look(office, question)
    assert state(office, ada) is SubscriptionState.PENDING
    confirm = only(question, "confirm")
    assert press(office, confirm, "List-Unsubscribe", "One-Click") == 400
    assert press(office, confirm, "Confirm", "Yes") == 200
    assert state(office, ada) is SubscriptionState.CONFIRMED
    assert press(office, confirm, "Confirm", "Yes") == 404  # once

    with office.room() as room:
        office.deliver(room)
    welcome = ada.post()
    for wish in ("show", "status", "topics", "help"):
        ada.reply(welcome, wish)
        answer = ada.post()
        look(office, answer)
    look(office, welcome)

    office.wait(DAY)
    office.send_letters()
    letter = ada.post()
    look(office, letter)
    assert state(office, ada) is SubscriptionState.CONFIRMED
    one_click = only(letter, "unsubscribe")
    assert str(letter.message["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    for _ in range(2):
        assert press(office, one_click, "List-Unsubscribe", "One-Click") == 200
    assert state(office, ada) is SubscriptionState.UNSUBSCRIBED

    with office.room() as room:
        assert tell_who_left(receiving(room)) == 1
        office.deliver(room)
    notice = ada.post()
    look(office, notice)
    assert press(office, only(notice, "undo"), "Undo", "Yes") == 200
    assert state(office, ada) is SubscriptionState.CONFIRMED
    with office.room() as room:
        office.deliver(room)
    back = ada.post()
    look(office, back)

    ada.reply(back, "stop")
    goodbye = ada.post()
    look(office, goodbye)
    assert state(office, ada) is SubscriptionState.UNSUBSCRIBED


def test_who_asked_is_told_what_comes_and_others_see_a_page_of_the_same_kind(
    office: PostOffice, ada: Person
) -> None:
    ada.write(NEWS, "subscribe")
    known = only(ada.post(), "confirm")
    with pages(office) as (client, _):
        shown = client.get(known).text
        strangers = [client.get(f"/confirm/{letter * 26}") for letter in "ab"]
        assert strangers[0].text == strangers[1].text
        for page in (shown, strangers[0].text):
            assert '<button name="Confirm" value="Yes">' in page
            assert ada.address not in page
