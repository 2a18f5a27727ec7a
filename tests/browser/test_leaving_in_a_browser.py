"""The way out of a letter, or less than that, and back again: with and without JavaScript."""

from collections.abc import Iterator
from typing import Any

import pytest

from newsletter.web import Health, Site, make_app
from tests.browser.conftest import Open
from tests.browser.looks import LOOKS, in_window, serious_faults
from tests.web.leaving_desk import FakeLeavingDesk
from tests.web.stages import Stages


@pytest.fixture
def desk() -> FakeLeavingDesk:
    return FakeLeavingDesk()


@pytest.fixture
def url(desk: FakeLeavingDesk, stages: Stages) -> Iterator[str]:
    site = Site(name="Papers", health=lambda: Health(is_well=True), leaving=desk)
    with stages.showing(make_app(site)) as url:
        yield f"{url}/unsubscribe/good"


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_one_press_leaves_and_one_brings_the_letters_back(
    desk: FakeLeavingDesk, url: str, open_page: Open, *, scripts: bool
) -> None:
    page = open_page(url, scripts=scripts)
    assert desk.is_untouched
    press(page, "Unsubscribe")
    assert page.inner_text("h1") == "You are unsubscribed"
    assert desk.left == ["good"]
    press(page, "That was a mistake")
    assert page.inner_text("h1") != "You are unsubscribed"
    assert len(desk.undone) == 1
    assert page.context.cookies() == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_less_may_be_enough(
    desk: FakeLeavingDesk, url: str, open_page: Open, *, scripts: bool
) -> None:
    page = open_page(url, scripts=scripts)
    press(page, "Leave a topic")
    assert "Robots & <friends>" in page.inner_text("main")
    press(page, "Robots")
    assert "Your letters <pause>." in page.inner_text("main")
    (wish,) = desk.wishes
    assert wish.arguments == ("robots",)
    assert desk.left == []


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_everybody_can_use_it(url: str, open_page: Open, width: int, scheme: str) -> None:
    page = open_page(url, **in_window(width, scheme))
    for name in (None, "Leave a topic", "Robots"):
        if name:
            press(page, name)
        assert serious_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
