"""Who comes back is told what counts, and page and mail show the same letter."""

import re
from datetime import timedelta
from html import unescape

import httpx

from newsletter.model import EmailAddress, SubscriptionEvent
from tests.mail_in.post_office import Person, PostOffice
from tests.mail_in.test_joining_by_page import ADA, WISH, ask, pages_of, path_in, work_off

CONFIRMED = {"Confirm": "Yes"}
SAID = "You were here before"


def leave(office: PostOffice) -> None:
    with office.window() as window:
        people, now = window.newsroom.subscribers, office.now
        people.apply(EmailAddress(ADA), SubscriptionEvent.UNSUBSCRIBE, now=now, statement="left")


def letter_of(client: httpx.Client, page: str) -> str:
    """Return the sample of a page, which is made in the background."""
    for _ in range(20):
        shown = client.get(f"{page}/letter").text
        if "data-early" not in shown:
            return unescape(unescape(shown))
    return ""


def test_who_comes_back_is_told_that_the_old_preferences_count(
    office: PostOffice, ada: Person
) -> None:
    office.admit(ADA)
    leave(office)
    with office.window() as window:
        before = window.person(ADA).preferences
    ask(office)
    work_off(office)
    page = path_in(ada.post().text, "confirm")
    with office.window() as window, pages_of(office, window) as client:
        assert SAID in client.get(page).text
        assert SAID in client.post(page, data=CONFIRMED).text
        assert window.person(ADA).preferences == before
        office.deliver(window.newsroom)
    assert SAID in ada.post().text


def test_who_wants_what_was_there_before_is_told_nothing(office: PostOffice, ada: Person) -> None:
    ask(office)
    work_off(office)
    with office.window() as window, pages_of(office, window) as client:
        assert client.post(path_in(ada.post().text, "confirm"), data=CONFIRMED).status_code == 200
    leave(office)
    office.wait(timedelta(days=2))
    ask(office)
    work_off(office)
    page = path_in(office.new_post(ADA)[-1].text, "confirm")
    with office.window() as window, pages_of(office, window) as client:
        assert SAID not in client.get(page).text
        assert SAID not in client.post(page, data=CONFIRMED).text
        office.deliver(window.newsroom)
    assert SAID not in office.new_post(ADA)[-1].text


def test_the_welcome_mail_shows_the_letter_that_the_page_showed(
    office: PostOffice, ada: Person
) -> None:
    assert office.house.run("collect", "--now", office.now.isoformat()).code == 0
    ask(office, {**WISH, "own.0.about": "", "send.every": "day"})
    work_off(office)
    page = path_in(ada.post().text, "confirm")
    with office.window() as window, pages_of(office, window) as client:
        shown = letter_of(client, page)
        assert client.post(page, data=CONFIRMED).status_code == 200
        office.deliver(window.newsroom)
    welcome = " ".join(ada.post().text.split())
    found = re.search(r"(\d+) entr\w+ would have come to you", welcome)
    assert found, welcome
    assert int(found[1]) >= 1
    first = welcome.partition("would have come to you on")[2].split(" ", 5)[-1]
    title = re.sub(r"^\W+", "", first)[:30]
    assert title in " ".join(shown.split()), title
