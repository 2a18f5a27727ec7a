"""The pages behind the links of a letter: looking changes nothing, a button does."""

from collections.abc import Callable

import httpx
import pytest
from starlette.applications import Starlette

from newsletter.errors import StorageError
from newsletter.web import Health, Site, make_app
from newsletter.workflows import BallotPaper, Choice

Serve = Callable[[Starlette], httpx.Client]
TOKEN = "good"


class Box:
    """A letter with two entries."""

    def __init__(self) -> None:
        self.votes = {1: 0, 2: 0}
        self.calls = 0
        self.is_broken = False
        self.counts = True

    def look(self, token: str, number: int | None) -> BallotPaper | None:
        if self.is_broken:
            message = "database is locked at /secret/place"
            raise StorageError(message)
        titles = {1: "Owls & <b>gulls</b>", 2: "Nets"}
        numbers = [*titles] if number is None else [number]
        if token != TOKEN or not set(numbers) <= set(titles):
            return None
        choices = (Choice(one, titles[one], "Birds: “owl”", self.votes[one]) for one in numbers)
        return BallotPaper(tuple(choices), counts=self.counts)

    def vote(self, token: str, number: int, vote: int) -> bool:
        self.calls += 1
        if self.look(token, number) is None:
            return False
        self.votes[number] = vote
        return True


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def client(box: Box, serve: Serve) -> httpx.Client:
    app = make_app(
        Site(
            name="Shore",
            health=lambda: Health(is_well=True),
            ballots=box,
        )
    )
    return serve(app)


def test_looking_shows_title_reason_and_buttons_and_changes_nothing(
    client: httpx.Client, box: Box
) -> None:
    page = client.get(f"/likes/{TOKEN}/1")
    assert page.status_code == 200
    assert "Owls &amp; &lt;b&gt;gulls&lt;/b&gt;" in page.text
    assert "Birds: “owl”" in page.text
    assert 'value="more"' in page.text
    assert 'value="less"' in page.text
    assert 'value="none"' not in page.text
    assert "<script" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    client.get(f"/likes/{TOKEN}/1?vote=more")
    client.head(f"/likes/{TOKEN}/1")
    assert client.options(f"/likes/{TOKEN}/1").status_code == 405
    assert client.put(f"/likes/{TOKEN}/1", data={"vote": "more"}).status_code == 405
    assert (box.calls, box.votes) == (0, {1: 0, 2: 0})


@pytest.mark.parametrize(("said", "vote"), [("more", 1), ("less", -1), ("none", 0)])
def test_a_button_votes_and_twice_is_once(
    client: httpx.Client, box: Box, said: str, vote: int
) -> None:
    box.votes[1] = 1 if vote == 0 else 0
    for _ in range(2):
        answer = client.post(f"/likes/{TOKEN}/1", data={"vote": said})
        assert answer.status_code == 200
        assert "That is noted" in answer.text
        assert "set-cookie" not in answer.headers
    assert box.votes == {1: vote, 2: 0}
    again = client.get(f"/likes/{TOKEN}/1").text
    assert (f"<strong>{said} like this</strong>" in again) == bool(vote)
    assert ('value="none"' in again) == bool(vote)


def test_all_entries_of_a_letter_lead_to_their_pages(client: httpx.Client, box: Box) -> None:
    box.votes[2] = -1
    page = client.get(f"/likes/{TOKEN}").text
    assert f'href="/likes/{TOKEN}/1"' in page
    assert f'href="/likes/{TOKEN}/2"' in page
    assert page.count("less like this") == 1
    assert client.post(f"/likes/{TOKEN}", data={"vote": "more"}).status_code == 405


def test_who_switched_learning_off_is_told(client: httpx.Client, box: Box) -> None:
    box.counts = False
    assert "“Learn from my votes” is off" in client.get(f"/likes/{TOKEN}/1").text
    assert "“Learn from my votes” is off" in client.get(f"/likes/{TOKEN}").text


@pytest.mark.parametrize(
    "path",
    [
        *("/likes/bad", "/likes/bad/1", f"/likes/{TOKEN}/3", f"/likes/{TOKEN}/0"),
        *(f"/likes/{TOKEN}/-1", f"/likes/{TOKEN}/x", f"/likes/{TOKEN}/%C2%B2"),
        *(f"/likes/{TOKEN}/{'9' * 5000}", f"/likes/{'a' * 5000}", f"/likes/{'a' * 5000}/1"),
    ],
)
def test_what_is_forged_or_not_there_gets_one_and_the_same_page(
    client: httpx.Client, box: Box, path: str
) -> None:
    answers = [client.get(path)]
    if path.count("/") == 3:
        answers.append(client.post(path, data={"vote": "more"}))
    known = client.get("/likes/unknown/1").text
    assert [(one.status_code, one.text == known) for one in answers] == [(404, True)] * len(answers)
    assert box.votes == {1: 0, 2: 0}


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"vote=maybe", "application/x-www-form-urlencoded", 400),
        (b"", "application/x-www-form-urlencoded", 400),
        (b"vote=more", "text/plain", 415),
        (b"vote=more&a=" + b"b" * 17_000, "application/x-www-form-urlencoded", 413),
    ],
)
def test_a_body_that_is_no_such_form_changes_nothing(
    client: httpx.Client, box: Box, content: bytes, content_type: str, status: int
) -> None:
    headers = {"Content-Type": content_type}
    answer = client.post(f"/likes/{TOKEN}/1", content=content, headers=headers)
    assert answer.status_code == status
    assert 'value="more"' in answer.text
    assert box.calls == 0


def test_trouble_is_admitted_without_its_details(client: httpx.Client, box: Box) -> None:
    box.is_broken = True
    for answer in (
        client.get(f"/likes/{TOKEN}"),
        client.get(f"/likes/{TOKEN}/1"),
        client.post(f"/likes/{TOKEN}/1", data={"vote": "more"}),
    ):
        assert answer.status_code == 503
        assert "retry-after" in answer.headers
        assert "secret" not in answer.text


def test_without_votes_there_are_no_such_pages(serve: Serve) -> None:
    app = make_app(Site(name="S", health=lambda: Health(is_well=True)))
    assert serve(app).get(f"/likes/{TOKEN}/1").status_code == 404
