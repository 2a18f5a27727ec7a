"""Tokens that are not ours: answered alike, and after many of them the network waits."""

from collections.abc import Callable

import httpx
import pytest
from starlette.applications import Starlette

from newsletter.model import RenderedEmail
from newsletter.web import Health, Site, make_app
from newsletter.workflows import BallotPaper, Choice, FeedEntry
from tests.web.joining_desk import FakeJoiningDesk

Serve = Callable[[Starlette], httpx.Client]
AT_ONCE = 30


class Desk:
    """Knows the token `good`: as a reading desk and as ballots."""

    def letter(self, token: str) -> RenderedEmail | None:
        return RenderedEmail("Owls", "Owls", "<p>Owls</p>") if token == "good" else None

    def feed(self, token: str) -> tuple[FeedEntry, ...] | None:
        return () if token == "good" else None

    def look(self, token: str, number: int | None) -> BallotPaper | None:
        choice = Choice(number or 1, "Owls", "Birds", 0)
        return BallotPaper((choice,), counts=True) if token == "good" else None

    def vote(self, token: str, number: int, vote: int) -> bool:
        return token == "good" and bool(number + vote)


@pytest.fixture
def client(serve: Serve) -> httpx.Client:
    desk = Desk()
    site = Site(
        name="Shore",
        health=lambda: Health(is_well=True),
        reading=desk,
        ballots=desk,
        joining=FakeJoiningDesk(),
    )
    return serve(make_app(site))


PLACES = ["/letters/{}", "/feeds/{}/feed.atom", "/feeds/{}/feed.json", "/likes/{}", "/likes/{}/1"]


@pytest.mark.parametrize("place", PLACES)
def test_many_strange_tokens_wait_and_good_ones_never(client: httpx.Client, place: str) -> None:
    answers = [client.get(place.format(f"bad{number}")) for number in range(AT_ONCE + 1)]
    assert [one.status_code for one in answers] == [404] * AT_ONCE + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert len({one.content for one in answers[:-1]}) == 1
    assert client.get(place.format("good")).status_code == 200


@pytest.mark.parametrize(
    ("place", "button"),
    [("/likes/{}/1", {"vote": "more"}), ("/confirm/{}", {"Confirm": "Yes"})],
)
def test_many_strange_presses_wait_and_good_ones_never(
    client: httpx.Client, place: str, button: dict[str, str]
) -> None:
    for number in range(AT_ONCE):
        assert client.post(place.format(f"bad{number}"), data=button).status_code == 404
    assert client.post(place.format("bad"), data=button).status_code == 429
    assert client.post(place.format("good"), data=button).status_code == 200


def test_tokens_without_end_are_strange_too(client: httpx.Client) -> None:
    long = "x" * 300
    answers = [client.get(f"/letters/{long}").status_code for _ in range(AT_ONCE + 1)]
    assert answers == [404] * AT_ONCE + [429]
