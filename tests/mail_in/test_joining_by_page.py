"""Joining by page: from the form over the mail to the welcome, and what nobody learns on the way."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest

from newsletter.bootstrap import answer_enquiries, enquiries_of
from newsletter.errors import RenderingError
from newsletter.model import EmailAddress, SubscriptionEvent, SubscriptionState
from newsletter.ports import EnquiryKind
from newsletter.rules.addresses import address_key
from newsletter.workflows import work_off_enquiries
from tests.mail_in.post_office import Person, PostOffice, Window
from tests.web.plain_client import client_of

ADA = "ada@example.org"
DAY = timedelta(days=1)
WISH = {
    "form": "1",
    "email": ADA,
    "topic.robotics": "on",
    "own.0.about": "how people come to trust what machines tell them",
    "send.every": "week",
    "send.weekday": "thu",
    "send.at": "07:30",
    "send.timezone": "Asia/Tokyo",
    "website": "",
}


@contextmanager
def pages_of(office: PostOffice, window: Window) -> Iterator[httpx.Client]:
    with office.pages(window.newsroom, window.ports) as url, client_of(url) as client:
        yield client


def work_off(office: PostOffice) -> int:
    with office.window() as window:
        count = answer_enquiries(window.newsroom, window.ports)
        office.deliver(window.newsroom)
        return count


def ask(office: PostOffice, fields: Mapping[str, str] = WISH) -> httpx.Response:
    with office.window() as window, pages_of(office, window) as client:
        return client.post("/subscribe", data=dict(fields))


def path_in(text: str, purpose: str) -> str:
    found = re.search(rf"https://\S+?(/{purpose}/[a-z2-7]{{26}})", text)
    assert found, text
    return found[1]


def test_somebody_joins_and_gets_what_the_form_said(office: PostOffice, ada: Person) -> None:
    asked = ask(office)
    assert asked.status_code == 200
    assert "Look into your mailbox" in asked.text
    assert office.new_post(ADA) == []
    assert work_off(office) == 1
    question = ada.post()
    assert question.message["Auto-Submitted"] == "auto-generated"
    assert question.sender.startswith("bounce+")
    page = path_in(question.text, "confirm")
    with office.window() as window, pages_of(office, window) as client:
        before = window.dump()
        look = client.get(page)
        assert "Robots" in look.text
        assert "every Thursday at 07:30 (Asia/Tokyo)" in look.text
        assert client.get(f"{page}/letter").status_code == 200
        client.head(page)
        assert window.dump() == before
        welcome = client.post(page, data={"Confirm": "Yes"})
        assert welcome.status_code == 200
        assert "Thursday, 26 November 2026 at 07:30" in welcome.text
        assert client.post(page, data={"Confirm": "Yes"}).status_code == 404
        person = window.person(ADA)
        assert person.state is SubscriptionState.CONFIRMED
        assert person.preferences
        assert [one.name for one in person.preferences.topics] == [
            "robotics",
            "how people come to trust what machines…",
        ]
        first = window.newsroom.subscribers.consents(address_key(EmailAddress(ADA)))[0]
        assert first.evidence == "page, network 127.0.0.1/32"


def test_the_answer_is_the_same_for_everybody(office: PostOffice) -> None:
    office.admit("known@example.org")
    with office.window() as window, pages_of(office, window) as client:
        answers = {
            name: client.post("/subscribe", data={**WISH, "email": f"{name}@example.org"})
            for name in ("known", "unknown", "other")
        }
        answers["again"] = client.post("/subscribe", data={**WISH, "email": "unknown@example.org"})
    texts = {(one.status_code, one.content) for one in answers.values()}
    assert len(texts) == 1


def test_who_gets_letters_already_is_told_so_and_nothing_changes(office: PostOffice) -> None:
    office.admit(ADA)
    with office.window() as window:
        before = window.person(ADA)
    ask(office)
    assert work_off(office) == 1
    (post,) = office.new_post(ADA)
    assert "already" in post.subject
    with office.window() as window:
        assert window.person(ADA) == before


def test_an_address_is_asked_once_a_day_however_often_somebody_names_it(
    office: PostOffice,
) -> None:
    with office.window() as window:
        store, now = enquiries_of(window.newsroom), office.now
        for _ in range(5):
            document = f"email: {ADA}\n"
            store.keep(EnquiryKind.SUBSCRIBE, EmailAddress(ADA), document, "page", now=now)
    assert work_off(office) == 5
    assert len(office.new_post(ADA)) == 1
    office.wait(DAY / 2)
    ask(office)
    work_off(office)
    assert office.new_post(ADA) == []
    office.wait(DAY)
    ask(office)
    work_off(office)
    assert len(office.new_post(ADA)) == 1


def test_a_subscriber_is_mailed_the_way_to_the_preferences_and_nobody_else(
    office: PostOffice,
) -> None:
    office.admit(ADA)
    with office.window() as window:
        store = enquiries_of(window.newsroom)
        for address in (ADA, "nobody@example.org", ADA):
            kind = EnquiryKind.PREFERENCES_LINK
            store.keep(kind, EmailAddress(address), "", "page", now=office.now)
    assert work_off(office) == 3
    (post,) = office.new_post(ADA)
    assert path_in(post.text, "preferences")
    assert post.message["Auto-Submitted"] == "auto-generated"
    assert post.reply_to.startswith("preferences+")
    assert office.new_post("nobody@example.org") == []


def test_who_left_is_mailed_no_way_to_the_preferences(office: PostOffice) -> None:
    office.admit(ADA)
    with office.window() as window:
        people, now = window.newsroom.subscribers, office.now
        people.apply(EmailAddress(ADA), SubscriptionEvent.UNSUBSCRIBE, now=now, statement="left")
        kind = EnquiryKind.PREFERENCES_LINK
        enquiries_of(window.newsroom).keep(kind, EmailAddress(ADA), "", "page", now=now)
    work_off(office)
    assert office.new_post(ADA) == []


def test_a_document_of_another_address_asks_nobody(office: PostOffice) -> None:
    said: list[str] = []
    with office.window() as window:
        store = enquiries_of(window.newsroom)
        wish = "email: bob@example.org\n"
        store.keep(EnquiryKind.SUBSCRIBE, EmailAddress(ADA), wish, "page", now=office.now)
        work_off_enquiries(store, window.ports, tell=lambda _, trouble: said.append(trouble))
        assert "cannot be changed here" in said[0]
        assert window.waiting() == []


def test_one_that_fails_three_times_is_left_aside_and_holds_up_nobody(
    office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    with office.window() as window:
        store = enquiries_of(window.newsroom)
        for address, wish in (
            (ADA, "email: [broken"),
            ("bob@example.org", "email: bob@example.org"),
        ):
            to = EmailAddress(address)
            store.keep(EnquiryKind.SUBSCRIBE, to, wish, "page", now=office.now)
    for _ in range(4):
        work_off(office)
        office.wait(timedelta(minutes=6))
    assert len(office.new_post("bob@example.org")) == 1
    with office.window() as window:
        assert enquiries_of(window.newsroom).aside() == 1
    assert "it is left aside" in caplog.text
    assert ADA not in caplog.text


def test_a_fault_while_answering_is_tried_again(office: PostOffice) -> None:
    said: list[str] = []

    def broken(*_: object) -> None:
        message = "answer.mjml.j2:3: unknown name"
        raise RenderingError(message)

    with office.window() as window:
        store = enquiries_of(window.newsroom)
        wish = f"email: {ADA}\n"
        store.keep(EnquiryKind.SUBSCRIBE, EmailAddress(ADA), wish, "page", now=office.now)
        object.__setattr__(window.ports.post, "render", broken)
        work_off_enquiries(store, window.ports, tell=lambda _, trouble: said.append(trouble))
    assert said == ["answer.mjml.j2:3: unknown name"]
    office.wait(timedelta(minutes=6))
    assert work_off(office) == 1
    assert len(office.new_post(ADA)) == 1
