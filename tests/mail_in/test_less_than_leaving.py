"""The page of a letter, over a real newsroom: leave, or less than that, and put it back at once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import httpx
import pytest

from newsletter.bootstrap import LetterDesk, receiving
from newsletter.model import AddressKey, Command, CommandName, Subscriber, SubscriptionState
from newsletter.workflows import tell_who_left
from tests.mail_in.post_office import Person, Post, PostOffice
from tests.web.plain_client import client_of

DAY = timedelta(days=1)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
TWO_TOPICS = """# my letters
send: {every: day, at: "08:00", timezone: Europe/Paris}
topics:
  - {name: learning, query: "learning OR model*"}
  - {name: "Whatever <else>", query: "language OR agent* OR the"}
"""
ONE_TOPIC = """send: {every: week, day: tue, at: "08:00", timezone: Europe/Paris}
topics: [{name: learning, query: "learning OR model*"}]
"""


@contextmanager
def page_of(office: PostOffice, letter: Post) -> Iterator["Page"]:
    """Open the page behind the unsubscribe link of a letter, as `serve` shows it."""
    found = re.search(
        r"<https://[^/]+(/unsubscribe/[^>]+)>", str(letter.message["List-Unsubscribe"])
    )
    assert found
    with office.room() as room, office.pages(room) as url, client_of(url) as client:
        yield Page(client, found[1])


class Page:
    def __init__(self, client: httpx.Client, path: str) -> None:
        self.client = client
        self.path = path

    def press(self, **form: str) -> httpx.Response:
        return self.client.post(self.path, data=form)

    def leave(self) -> httpx.Response:
        return self.client.post(self.path, data=ONE_CLICK)

    def undo(self, answer: httpx.Response) -> httpx.Response:
        """Press the button of the page that came."""
        found = re.search(r'action="\.\.(/undo/[^"]+)"', answer.text)
        assert found, answer.text
        return self.client.post(found[1], data={"Undo": "Yes"})


def read_letter(office: PostOffice, person: Person, document: str = TWO_TOPICS) -> Post:
    """Subscribe with a document, and return the first letter."""
    office.house.subscribe(person.address, document)
    folder = str(office.house.folder / "subscribers")
    words = [
        "subscribers",
        "import",
        folder,
        "--consent",
        "a test",
        "--now",
        office.now.isoformat(),
    ]
    assert office.house.run(*words).code == 0
    office.wait(DAY)
    office.send_letters()
    return person.post()


def stored(office: PostOffice, person: Person) -> Subscriber:
    with office.room() as room:
        found = room.subscribers.find(AddressKey(person.address))
    assert found
    return found


def text_of(office: PostOffice, person: Person) -> str:
    return (office.house.folder / "subscribers" / f"{person.address}.yaml").read_text("utf-8")


def told(office: PostOffice, person: Person) -> list[Post]:
    """Let what waits leave, and return what came."""
    with office.room() as room:
        tell_who_left(receiving(room))
        office.deliver(room)
    return person.posts()


def test_who_leaves_by_mistake_comes_back_on_the_same_page(office: PostOffice, ada: Person) -> None:
    letter = read_letter(office, ada)
    before = stored(office, ada)
    with page_of(office, letter) as page:
        gone = page.leave()
        assert stored(office, ada).state is SubscriptionState.UNSUBSCRIBED
        for _ in range(2):
            assert "Your letters come again" in page.undo(gone).text
        assert stored(office, ada).state is SubscriptionState.CONFIRMED
        assert stored(office, ada).preferences == before.preferences
    assert told(office, ada) == []  # nothing has happened in the end
    office.wait(timedelta(hours=1))
    with page_of(office, letter) as page:
        again = page.leave()
        assert page.undo(gone).status_code == 404  # that press is another one
        assert page.undo(again).status_code == 200


def test_a_second_press_shows_the_way_back_too_and_that_of_another_letter_does_not(
    office: PostOffice, ada: Person
) -> None:
    first = read_letter(office, ada)
    with office.room() as room:
        desk = LetterDesk(receiving(room))
        token = (
            str(first.message["List-Unsubscribe"]).partition("unsubscribe+")[2].partition("@")[0]
        )
        (one,) = desk.leave([token])
        office.wait(DAY)
        forged = token[:-1] + ("b" if token.endswith("a") else "a")
        (two, nothing) = desk.leave([token, forged])
    assert one is not None
    assert one.undo is not None
    assert two == one
    assert nothing is None


def test_the_way_back_is_closed_after_fourteen_days(office: PostOffice, ada: Person) -> None:
    letter = read_letter(office, ada)
    with page_of(office, letter) as page:
        gone = page.leave()
    office.wait(15 * DAY)
    with page_of(office, letter) as page:
        assert page.undo(gone).status_code == 404
    assert stored(office, ada).state is SubscriptionState.UNSUBSCRIBED


def test_who_was_erased_is_not_brought_back(office: PostOffice, ada: Person) -> None:
    letter = read_letter(office, ada)
    with page_of(office, letter) as page:
        gone = page.leave()
        assert office.house.run("subscribers", "erase", ada.address, "--yes").code == 0
        assert page.undo(gone).status_code == 404
        assert page.leave().status_code == 404


def test_who_left_is_told_once_and_comes_back_by_the_mail(office: PostOffice, ada: Person) -> None:
    letter = read_letter(office, ada)
    with page_of(office, letter) as page:
        page.leave()
        page.leave()
    (notice,) = told(office, ada)
    assert "Was it you who left?" in notice.text
    assert told(office, ada) == []
    assert ada.reply(notice).applied == ("undo",)
    assert stored(office, ada).state is SubscriptionState.CONFIRMED


def test_a_topic_of_the_letter_is_left_and_put_back(office: PostOffice, ada: Person) -> None:
    letter = read_letter(office, ada)
    before = text_of(office, ada)
    with page_of(office, letter) as page:
        choices = page.press(less="show").text
        assert "Whatever &lt;else&gt;" in choices
        assert text_of(office, ada) == before
        done = page.press(less="topic", topic="Whatever <else>")
        assert "“Whatever &lt;else&gt;” is none of your topics any more." in done.text
        assert "Whatever" not in text_of(office, ada)
        assert [one.name for one in stored(office, ada).preferences.topics] == ["learning"]  # type: ignore[union-attr]
        last = page.press(less="topic", topic="learning")
        assert last.status_code == 409  # without any, the usual topics would come
        for _ in range(2):
            assert "All is as it was" in page.undo(done).text
    assert text_of(office, ada) == before


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ({"less": "pause", "weeks": "2"}, "pause_until: 2026-12-08"),
        ({"less": "pause", "until": "2027-01-04"}, "pause_until: 2027-01-04"),
        ({"less": "weekly"}, "every: week"),
    ],
)
def test_a_pause_and_fewer_letters_are_put_back_exactly(
    office: PostOffice, ada: Person, form: dict[str, str], line: str
) -> None:
    letter = read_letter(office, ada)
    before = text_of(office, ada)
    with page_of(office, letter) as page:
        done = page.press(**form)
        assert done.status_code == 200, done.text
        assert line in text_of(office, ada)
        assert page.press(**form).status_code in {200, 409}
        assert page.undo(done).status_code == 200
    assert text_of(office, ada) == before


def test_a_letter_brings_less_and_never_more(office: PostOffice, ada: Person) -> None:
    letter = read_letter(office, ada)
    with page_of(office, letter) as page:
        assert page.press(less="pause", until="2027-03-01").status_code == 200
        paused = text_of(office, ada)
        assert page.press(less="pause", weeks="1").status_code == 409
        assert page.press(less="pause", until="2026-01-01").status_code == 409
        assert page.press(less="pause", until="2029-01-01").status_code == 409
        assert page.press(less="topic", topic="robots").status_code == 409
        with office.room() as room:
            desk = LetterDesk(receiving(room))
            token = page.path.rpartition("/")[2]
            for wish in (
                Command(CommandName.RESUME),
                Command(CommandName.ADD, ("robots",)),
                Command(CommandName.AT_MOST, ("50",)),
                Command(CommandName.CADENCE, ("at", "09:00")),
            ):
                refused = desk.lessen(token, wish)
                assert refused
                assert refused.refusal
    assert text_of(office, ada) == paused


def test_what_cannot_be_less_is_not_offered(office: PostOffice, ada: Person) -> None:
    letter = read_letter(office, ada, ONE_TOPIC)
    with page_of(office, letter) as page:
        choices = page.press(less="show").text
        assert 'name="topic"' not in choices
        assert 'value="weekly"' not in choices
        assert "It was so already" in page.press(less="weekly").text
        page.leave()
        assert "No letters go to you" in page.press(less="show").text
        assert page.press(less="weekly").status_code == 409


def test_nothing_is_put_back_over_a_later_change(office: PostOffice, ada: Person) -> None:
    letter = read_letter(office, ada)
    with page_of(office, letter) as page:
        done = page.press(less="pause", weeks="2")
        path = office.house.folder / "subscribers" / f"{ada.address}.yaml"
        changed = path.read_text("utf-8") + "entries: {at_most: 3}\n"
        path.write_text(changed, "utf-8")
        assert page.undo(done).status_code == 404
    assert text_of(office, ada) == changed


def test_a_change_is_told_once_a_day_and_put_back_by_the_mail(
    office: PostOffice, ada: Person
) -> None:
    letter = read_letter(office, ada)
    before = text_of(office, ada)
    with page_of(office, letter) as page:
        page.press(less="topic", topic="Whatever <else>")
    (notice,) = told(office, ada)
    assert notice.subject == "Your letters from Paper Round are fewer now"
    assert "“Whatever <else>” is none of your topics any more." in notice.text
    assert ada.reply(notice).applied == ("undo",)
    assert text_of(office, ada) == before
    told(office, ada)  # the answer to that mail
    with page_of(office, letter) as page:
        page.press(less="weekly")
    assert told(office, ada) == []
    office.wait(DAY)
    with page_of(office, letter) as page:
        page.press(less="pause", weeks="4")
    (again,) = told(office, ada)
    assert date(2026, 12, 23).strftime("%-d %B") in again.text


def test_the_program_that_ended_before_it_told_anybody_tells_later(
    office: PostOffice, ada: Person
) -> None:
    letter = read_letter(office, ada)
    with page_of(office, letter) as page:
        page.leave()  # and then the machine goes down
    office.wait(timedelta(hours=20))
    assert len(told(office, ada)) == 1
