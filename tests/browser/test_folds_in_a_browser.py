"""What is seldom wanted is folded, so that the rest is near; also without JavaScript."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter.web import Health, Site, WebServer, make_app
from tests.browser.looks import serious_faults
from tests.web.leaving_desk import FakeLeavingDesk
from tests.web.preferences_house import DOCUMENT, PreferencesHouse, open_house

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

Open = Callable[..., Any]
PHONE = {"viewport": {"width": 375, "height": 800}}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[PreferencesHouse]:
    with open_house(tmp_path) as house:
        yield house


@pytest.fixture
def url(house: PreferencesHouse) -> Iterator[str]:
    server = WebServer(make_app(house.site()), port=0)
    server.start()
    yield f"{server.url}/preferences/{house.token()}"
    server.stop()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Open]:
    contexts = []

    def open_page(address: str, *, scripts: bool = False, **looks: Any) -> Any:
        context = browser.new_context(java_script_enabled=scripts, **(PHONE | looks))
        contexts.append(context)
        page = context.new_page()
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_on_a_phone_without_scripts_the_common_things_are_near(url: str, open_page: Open) -> None:
    page = open_page(url)
    assert page.get_by_label("How often").bounding_box()["y"] < 800
    assert not page.get_by_label("Authors to follow").is_visible()
    assert page.get_by_label("Entries at most").is_visible()
    assert page.evaluate("document.documentElement.scrollHeight") < 4_600
    page.get_by_role("link", name="Pause, data, way out").click()
    assert page.get_by_role("button", name="Pause for two weeks").bounding_box()["y"] < 800


def test_what_is_folded_is_sent_and_saved_as_well(
    house: PreferencesHouse, url: str, open_page: Open
) -> None:
    page = open_page(url)
    page.get_by_role("button", name="Save").click()
    assert house.text == DOCUMENT
    page.goto(url)
    page.get_by_text("Order, looks, and what else").click()
    page.get_by_label("First comes").select_option("newest")
    page.get_by_role("button", name="Save").click()
    assert "First comes: what fits my topics best → what is newest" in page.inner_text("main")


def test_what_is_wrong_is_unfolded(url: str, open_page: Open) -> None:
    page = open_page(url)
    page.get_by_text("Always, and never").click()
    page.get_by_label("Never show").fill("title:(")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_label("Never show").is_visible()
    assert page.locator('[id="wrong-mute"]').is_visible()
    assert not page.get_by_label("First comes").is_visible()


def test_what_was_unfolded_stays_so_while_the_yaml_is_typed_in(url: str, open_page: Open) -> None:
    page = open_page(url, scripts=True)
    page.get_by_text("Always, and never").click()
    page.get_by_label("As YAML").fill(f"{DOCUMENT}follow: {{authors: [Ada Owl]}}\n")
    expect.expect(page.get_by_label("Authors to follow")).to_have_value("Ada Owl")
    assert page.get_by_label("Authors to follow").is_visible()
    assert not page.get_by_label("First comes").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_what_is_folded(url: str, open_page: Open, scheme: str) -> None:
    page = open_page(url, scripts=True, color_scheme=scheme)
    for fold in page.locator("details.fold > summary").all():
        fold.click()
    assert serious_faults(page) == []


def test_a_pause_fits_on_a_phone(open_page: Open) -> None:
    site = Site(name="Shore", health=lambda: Health(is_well=True), leaving=FakeLeavingDesk())
    server = WebServer(make_app(site), port=0)
    server.start()
    try:
        page = open_page(f"{server.url}/unsubscribe/good")
        weeks = [page.get_by_role("button", name=name) for name in ("1 week", "2 weeks", "4 weeks")]
        assert len({one.bounding_box()["y"] for one in weeks}) == 1
        until, pause = page.locator("#until"), page.get_by_role("button", name="Pause")
        assert abs(until.bounding_box()["y"] - pause.bounding_box()["y"]) < 2
    finally:
        server.stop()
