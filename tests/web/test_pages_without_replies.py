"""Where no mail comes in, no page says that one can reply."""

import re
from collections.abc import Callable

import httpx
import pytest
from starlette.applications import Starlette

from newsletter.errors import StorageError
from newsletter.web import Health, Site, make_app
from tests.web.joining_desk import FakeJoiningDesk
from tests.web.leaving_desk import FakeLeavingDesk

Serve = Callable[[Starlette], httpx.Client]
WRITING = re.compile(r"just reply|reply to|answer any|write to us", re.IGNORECASE)
WISH = {"form": "1", "email": "ada@example.org"}


@pytest.fixture
def desk() -> FakeJoiningDesk:
    return FakeJoiningDesk()


def pages(client: httpx.Client, desk: FakeJoiningDesk) -> list[str]:
    said = [
        client.post("/subscribe", data=WISH).text,
        client.post("/confirm/good", data={"Confirm": "Yes"}).text,
        client.post("/confirm/bad", data={"Confirm": "Yes"}).text,
        client.post("/unsubscribe/bad", data={"List-Unsubscribe": "One-Click"}).text,
    ]
    desk.error = StorageError("gone")
    return [*said, client.get("/confirm/good").text]


@pytest.mark.parametrize("takes_mail", [True, False])
def test_pages_tell_to_write_only_where_it_comes_in(
    serve: Serve, desk: FakeJoiningDesk, *, takes_mail: bool
) -> None:
    site = Site(
        name="Shore",
        takes_mail=takes_mail,
        health=lambda: Health(is_well=True),
        joining=desk,
        leaving=FakeLeavingDesk(),
    )
    told = [bool(WRITING.search(one)) for one in pages(serve(make_app(site)), desk)]
    assert told == [takes_mail] * len(told)
