"""More like this, less like this: with and without JavaScript, on a phone and on a desk."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from newsletter.web import Health, Site, WebServer, make_app
from tests.browser.looks import LOOKS, in_window, serious_faults
from tests.web.test_vote_pages import TOKEN, Box

Open = Callable[..., Any]


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def url(box: Box) -> Iterator[str]:
    site = Site(name="Shore", health=lambda: Health(is_well=True), ballots=box)
    server = WebServer(make_app(site), port=0)
    server.start()
    yield f"{server.url}/likes/{TOKEN}"
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
def test_a_reader_says_what_an_entry_is_worth_and_takes_it_back(
    box: Box, url: str, open_page: Open, *, scripts: bool
) -> None:
    page = open_page(f"{url}/1", scripts=scripts)
    page.reload()
    assert (box.calls, box.votes[1]) == (0, 0)
    press(page, "More like this")
    assert page.inner_text("h1") == "That is noted"
    assert box.votes == {1: 1, 2: 0}
    assert page.get_by_role("button", name="More like this").count() == 0
    press(page, "Less like this")
    assert box.votes[1] == -1
    press(page, "Take it back")
    assert box.votes[1] == 0
    assert "taken back" in page.inner_text("main")
    assert page.context.cookies() == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_all_entries_of_a_letter_lead_to_their_buttons_and_back(
    box: Box, url: str, open_page: Open, *, scripts: bool
) -> None:
    page = open_page(url, scripts=scripts)
    page.get_by_role("link", name="Owls & <b>gulls</b>").click()
    press(page, "Less like this")
    page.get_by_role("link", name="All entries of this letter").click()
    assert "less like this" in page.locator("li").first.inner_text()
    page.get_by_role("link", name="Nets").click()
    assert page.inner_text("h1") == "More like this, or less?"
    assert box.votes == {1: -1, 2: 0}


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_everybody_can_vote(url: str, open_page: Open, width: int, scheme: str) -> None:
    looks = in_window(width, scheme)
    for address in (url, f"{url}/1", url.replace(TOKEN, "bad")):
        page = open_page(address, **looks)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert serious_faults(page) == []
    page = open_page(f"{url}/1", **looks)
    press(page, "More like this")
    assert serious_faults(page) == []
    lefts = {one.bounding_box()["x"] for one in page.get_by_role("button").all()}
    tops = {one.bounding_box()["y"] for one in page.get_by_role("button").all()}
    assert len(lefts) == 1 or len(tops) == 1  # below each other, or side by side


def test_it_can_be_done_with_the_keyboard_alone(box: Box, url: str, open_page: Open) -> None:
    page = open_page(f"{url}/1")
    for _ in range(5):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "More like this":
            break
    page.keyboard.press("Enter")
    page.get_by_text("That is noted").wait_for()
    assert box.votes[1] == 1
