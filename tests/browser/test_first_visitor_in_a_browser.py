"""Who comes before the week is counted sees the counts a moment later, and loses nothing."""

from collections.abc import Iterator
from typing import Any

import pytest

from newsletter.web import Health, Site, WebServer, make_app
from tests.web.joining_desk import FakeJoiningDesk


@pytest.fixture
def desk() -> FakeJoiningDesk:
    return FakeJoiningDesk()


@pytest.fixture
def url(desk: FakeJoiningDesk) -> Iterator[str]:
    site = Site(name="Shore", health=lambda: Health(is_well=True), joining=desk)
    server = WebServer(make_app(site), port=0)
    server.start()
    yield server.url
    server.stop()


def test_counts_come_to_the_form_and_what_was_ticked_stays(
    desk: FakeJoiningDesk, url: str, window: Any
) -> None:
    window.goto(f"{url}/subscribe")
    assert window.locator(".count").count() == 0
    window.get_by_role("checkbox", name="Computer vision").check()
    window.get_by_label("Mail address").fill("ada@example.org")
    desk.counts = {"robotics": 12, "vision": 3}
    window.get_by_text("12 this week").wait_for()
    assert window.get_by_text("beside each stands how much").count() == 1
    assert window.get_by_role("checkbox", name="Computer vision").is_checked()
    assert window.get_by_label("Mail address").input_value() == "ada@example.org"
    assert window.locator(".count").count() == 2


def test_counts_come_to_the_home_page(desk: FakeJoiningDesk, url: str, window: Any) -> None:
    window.goto(url)
    window.get_by_role("heading", name="What you can follow").wait_for()
    desk.counts = {"robotics": 2, "vision": 30}
    window.get_by_role("heading", name="New this week").wait_for()
    assert window.locator(".busiest li").first.inner_text().split() == ["Computer", "vision", "30"]
