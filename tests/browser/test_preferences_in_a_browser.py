"""Preferences as a person changes them, with and without JavaScript, and for everybody."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter.web import make_app
from tests.browser.conftest import Open
from tests.browser.looks import LOOKS, in_window, serious_faults
from tests.web.preferences_house import DOCUMENT, PreferencesHouse, open_house
from tests.web.stages import Stages

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHANGED = DOCUMENT.replace("at_most: 12", "at_most: 7")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[PreferencesHouse]:
    with open_house(tmp_path / "news") as house:
        yield house


@pytest.fixture
def url(house: PreferencesHouse, stages: Stages) -> Iterator[str]:
    with stages.showing(make_app(house.site())) as url:
        yield f"{url}/preferences/{house.token()}"


def says(page: Any, words: str, *, is_there: bool = True) -> None:
    """Wait until the YAML has some words, or has them no more."""
    expected = expect.expect(page.get_by_label("As YAML"))
    (expected.to_have_value if is_there else expected.not_to_have_value)(re.compile(words))


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_browser_gives_every_byte_back(
    house: PreferencesHouse, url: str, open_page: Open, end: str
) -> None:
    text = ("\n" + DOCUMENT).replace("\n", end)
    house.write(text)
    page = open_page(url, scripts=False)
    press(page, "Update the YAML from the form")
    press(page, "Update the form from the YAML")
    press(page, "Save")
    assert "What you get stays as it was" in page.inner_text("main")
    assert house.text == text


def test_without_scripts_buttons_bring_one_side_to_the_other(
    house: PreferencesHouse, url: str, open_page: Open
) -> None:
    page = open_page(url, scripts=False)
    page.get_by_label("Entries at most").fill("7")
    press(page, "Update the YAML from the form")
    assert page.get_by_label("As YAML").input_value() == CHANGED
    page.get_by_label("As YAML").fill(f"{CHANGED}name: Ada\n")
    press(page, "Update the form from the YAML")
    assert page.get_by_label("Your name").input_value() == "Ada"
    press(page, "Show what I would have received")
    page.frame_locator("iframe:not(.next)").frame_locator("iframe").get_by_text(
        "at most 7"
    ).wait_for()
    assert page.get_by_label("Your name").input_value() == "Ada"
    assert house.text == DOCUMENT
    page.get_by_label("Your name").press("Enter")
    assert house.text == DOCUMENT
    press(page, "Save")
    assert "Entries at most: 12 → 7" in page.inner_text("main")
    assert house.text == f"{CHANGED}name: Ada\n"


def test_with_scripts_the_other_side_follows_while_one_is_typed_in(
    house: PreferencesHouse, url: str, open_page: Open
) -> None:
    page = open_page(url)
    yaml, most = page.get_by_label("As YAML"), page.get_by_label("Entries at most")
    most.fill("7")
    says(page, "at_most: 7")
    assert yaml.input_value() == CHANGED
    page.frame_locator("iframe:not(.next)").frame_locator("iframe").get_by_text(
        "at most 7"
    ).wait_for()
    yaml.fill(CHANGED.replace("at_most: 7", "at_most: 99"))
    page.locator('[id="wrong-entries.at_most"]').wait_for()
    assert most.input_value() == "99"
    assert page.locator("#wrong-yaml").get_by_text("Line 14").count() == 1
    most.fill("8")
    page.locator("#wrong-yaml").wait_for(state="detached")
    assert yaml.input_value() == CHANGED.replace("at_most: 7", "at_most: 8")
    assert house.text == DOCUMENT
    press(page, "Save")
    page.get_by_text("Entries at most: 12 → 8").wait_for()


def test_a_letter_that_is_not_ready_comes_by_itself(
    house: PreferencesHouse, url: str, open_page: Open
) -> None:
    house.is_early = True
    page = open_page(url)
    page.locator('iframe[name="sample"]').scroll_into_view_if_needed()
    page.frame_locator("iframe:not(.next)").get_by_text("being put together").wait_for()
    house.is_early = False
    page.frame_locator("iframe:not(.next)").frame_locator("iframe").get_by_text(
        "at most 12"
    ).wait_for()


def test_topics_come_and_go_with_scripts(
    house: PreferencesHouse, url: str, open_page: Open
) -> None:
    page = open_page(url)
    press(page, "Add a topic")
    row = page.locator("[data-rows] > [data-row]").nth(2)
    row.get_by_label("Name", exact=True).fill("zebra fish")
    page.locator('[data-field="own.2.name"] .wrong').wait_for()
    row.get_by_label("In your own words").fill("how fish see")
    page.locator('[data-field="own.2.name"] .wrong').wait_for(state="detached")
    page.get_by_role("button", name="Remove guardrails").click()
    says(page, "guardrails", is_there=False)
    first = page.locator("[data-rows] > [data-row]").first
    first.get_by_label("Name", exact=True).fill("weather")
    says(page, "weather")
    press(page, "Save")
    page.get_by_text("Topics: “weather” added").wait_for()
    assert "# the second\n  - {name: weather, about: planning of climate policy}" in house.text
    assert "zebra fish" in house.text
    assert "guardrails" not in house.text


@pytest.mark.parametrize("scripts", [True, False])
def test_what_contradicts_is_asked(
    house: PreferencesHouse, url: str, open_page: Open, *, scripts: bool
) -> None:
    page = open_page(url, scripts=scripts)
    page.get_by_label("Entries at most").fill("5")
    page.get_by_label("As YAML").fill(CHANGED)
    press(page, "Save")
    page.get_by_text("The form and the YAML say two things").wait_for()
    assert house.text == DOCUMENT
    press(page, "The form counts")
    press(page, "Save")
    page.get_by_text("Entries at most: 12 → 5").wait_for()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_everybody_can_use_the_page(
    house: PreferencesHouse, url: str, open_page: Open, width: int, scheme: str
) -> None:
    looks = in_window(width, scheme)
    page = open_page(url, **looks)
    page.get_by_label("Entries at most").fill("0")
    page.locator('[id="wrong-entries.at_most"]').wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert serious_faults(page) == []
    assert serious_faults(open_page(url.rpartition("/")[0], **looks)) == []
    house.write(DOCUMENT.replace("breakfast", "tea"))
    page.get_by_label("Entries at most").fill("3")
    press(page, "Save")
    page.get_by_text("Somebody changed them meanwhile").wait_for()
    assert serious_faults(page) == []
