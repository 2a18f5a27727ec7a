"""The way out of a letter, or less than that, and back again: with and without JavaScript."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from newsletter.web import Health, Site, WebServer, make_app
from tests.web.leaving_desk import FakeLeavingDesk

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

Open = Callable[..., Any]
SERIOUS = {"serious", "critical"}


@pytest.fixture
def desk() -> FakeLeavingDesk:
    return FakeLeavingDesk()


@pytest.fixture
def url(desk: FakeLeavingDesk) -> Iterator[str]:
    site = Site(name="Papers", health=lambda: Health(is_well=True), leaving=desk)
    server = WebServer(make_app(site), port=0)
    server.start()
    yield f"{server.url}/unsubscribe/good"
    server.stop()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Open]:
    contexts = []

    def open_page(address: str, *, scripts: bool = True, **looks: Any) -> Any:
        context = browser.new_context(java_script_enabled=scripts, **looks)
        contexts.append(context)
        page = context.new_page()
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()


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


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(url: str, open_page: Open, scheme: str, width: int) -> None:
    looks = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    page = open_page(url, **looks)
    for name in (None, "Leave a topic", "Robots"):
        if name:
            press(page, name)
        found = axe.Axe().run(page).response["violations"]
        assert [one["id"] for one in found if one["impact"] in SERIOUS] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
