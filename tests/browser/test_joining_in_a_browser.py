"""Joining as a person does it, with and without JavaScript, and what a reader of screens would find."""

from collections.abc import Iterator
from datetime import date

import pytest

from newsletter.bootstrap import BEING_PREPARED
from newsletter.model import SampleLetter
from newsletter.web import Health, Site, make_app
from tests.browser.conftest import Open
from tests.browser.looks import LOOKS, in_window, serious_faults
from tests.web.joining_desk import FakeJoiningDesk
from tests.web.stages import Stages


@pytest.fixture
def desk() -> FakeJoiningDesk:
    return FakeJoiningDesk(counts={"robotics": 12, "vision": 3})


@pytest.fixture
def url(desk: FakeJoiningDesk, stages: Stages) -> Iterator[str]:
    site = Site(name="Shore", health=lambda: Health(is_well=True), joining=desk)
    with stages.showing(make_app(site)) as url:
        yield url


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_subscribes(
    desk: FakeJoiningDesk, url: str, open_page: Open, *, scripts: bool
) -> None:
    page = open_page(url, scripts=scripts)
    page.get_by_role("link", name="Choose your topics").click()
    page.get_by_label("Mail address").fill("ada@example.org")
    page.get_by_role("checkbox", name="Computer vision").check()
    page.get_by_label("In words").fill("trust in machines")
    page.get_by_label("How often").select_option("week")
    page.get_by_label("On (once a week)").select_option("thu")
    page.get_by_role("button", name="Send me letters").click()
    page.get_by_role("heading", name="Look into your mailbox").wait_for()
    ((wish, _),) = desk.kept
    assert wish.address == "ada@example.org"
    assert wish.form.rhythm.weekday == "thu"
    assert wish.form.topics.own[-1].about == "trust in machines"
    guessed = "Asia/Tokyo" if scripts else "UTC"
    assert wish.form.words["send.timezone"] == guessed


def test_a_letter_is_shown_by_a_press_without_scripts(
    desk: FakeJoiningDesk, url: str, open_page: Open
) -> None:
    page = open_page(f"{url}/subscribe", scripts=False)
    desk.letter = SampleLetter(date(2026, 11, 20), "x", "<html><head></head><body>Second</body>")
    page.get_by_role("button", name="Show me a letter first").click()
    page.frame_locator("iframe:not(.next)").get_by_text("Second").wait_for()
    assert page.url == f"{url}/subscribe"
    assert desk.kept == []


def test_the_letter_follows_the_choices_and_the_way_back_stays_one_step(
    desk: FakeJoiningDesk, url: str, open_page: Open
) -> None:
    page = open_page(f"{url}/subscribe")
    page.frame_locator("iframe:not(.next)").get_by_text("Robots").wait_for()
    steps = page.evaluate("history.length")
    for text in ("Second", "Third"):
        html = f"<html><head></head><body>{text}</body></html>"
        desk.letter = SampleLetter(date(2026, 11, 20), "x", html)
        page.get_by_role("checkbox", name="Robotics").click()
        page.frame_locator("iframe:not(.next)").get_by_text(text).wait_for()
    assert page.evaluate("history.length") == steps
    assert desk.kept == []


def test_a_letter_that_is_not_ready_comes_by_itself(
    desk: FakeJoiningDesk, url: str, open_page: Open
) -> None:
    desk.letter = SampleLetter(None, silence=BEING_PREPARED)
    page = open_page(f"{url}/subscribe")
    page.frame_locator("iframe:not(.next)").get_by_text(BEING_PREPARED).wait_for()
    html = "<html><head></head><body>Ready</body></html>"
    desk.letter = SampleLetter(date(2026, 11, 20), "x", html)
    page.frame_locator("iframe:not(.next)").get_by_text("Ready").wait_for()


def test_mistakes_are_told_where_they_are(desk: FakeJoiningDesk, url: str, open_page: Open) -> None:
    page = open_page(f"{url}/subscribe")
    page.get_by_label("Mail address").fill("nobody")
    page.get_by_role("checkbox", name="Robotics").check()
    page.evaluate("document.querySelector('form').noValidate = true")
    page.get_by_role("button", name="Send me letters").click()
    page.get_by_text("There is no @ in it.").wait_for()
    assert page.get_by_label("Mail address").input_value() == "nobody"
    assert page.get_by_role("checkbox", name="Robotics").is_checked()
    assert desk.kept == []


def test_somebody_confirms_without_scripts(
    desk: FakeJoiningDesk, url: str, open_page: Open
) -> None:
    page = open_page(f"{url}/confirm/good", scripts=False)
    page.get_by_role("button", name="Yes, write to me").click()
    page.get_by_role("heading", name="Welcome").wait_for()
    assert desk.confirmed == ["good"]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_nothing_serious_is_in_the_way_of_anybody(
    url: str, open_page: Open, width: int, scheme: str
) -> None:
    for path in ("/", "/subscribe", "/confirm/good"):
        page = open_page(f"{url}{path}", **in_window(width, scheme))
        assert serious_faults(page, iframes=False) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
