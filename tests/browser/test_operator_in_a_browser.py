"""The operator's pages in a real browser, with and without scripts, in light and dark, on a phone."""

from collections.abc import Iterator
from typing import Any

import pytest

from newsletter.web import WebServer, make_app
from tests.web.operator_desk import TOKEN, FakeDesk, site_with

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright")

PAGES = (
    "/operator",
    "/operator/subscribers?q=ada@",
    "/operator/subscribers/a1",
    "/operator/deliveries?state=trouble",
    "/operator/held/arxiv",
    "/operator/audit",
)
GRAVE = {"serious", "critical"}


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def url(desk: FakeDesk) -> Iterator[str]:
    server = WebServer(make_app(site_with(desk)), port=0)
    server.start()
    yield server.url
    server.stop()


def grave_faults(page: Any) -> list[str]:
    """Return what axe finds that is serious."""
    found = axe_playwright.Axe().run(page).response["violations"]
    return [one["id"] for one in found if one["impact"] in GRAVE]


def logged_in(browser: Any, url: str, **settings: Any) -> Any:
    page = browser.new_context(**settings).new_page()
    page.goto(f"{url}/operator")
    assert page.url == f"{url}/operator/login"
    if settings.get("java_script_enabled", True):  # axe is a script
        assert grave_faults(page) == []
    page.fill("#token", TOKEN)
    page.click("main button")
    assert page.url == f"{url}/operator"
    return page


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
def test_somebody_logs_in_does_something_and_logs_out(
    browser: Any, url: str, desk: FakeDesk, *, has_scripts: bool
) -> None:
    page = logged_in(browser, url, java_script_enabled=has_scripts)
    page.goto(f"{url}/operator/deliveries?state=failed")
    page.click("button:has-text('Retry') >> nth=1")
    assert "it is done" in page.inner_text("[role=status]")
    page.goto(f"{url}/operator/held/arxiv")
    page.click("button:has-text('Keep them out')")
    assert len(desk.orders) == 1, "first there is a question"
    page.click("button:has-text('Drop them')")
    assert [str(order.action) for order in desk.orders] == ["retry", "drop held entries"]
    page.fill("#q", "ada@example.org")
    page.press("#q", "Enter")
    assert page.inner_text("h1") == "ada@example.org"
    page.click("text=Log out")
    assert page.url == f"{url}/operator/login"
    page.goto(f"{url}/operator")
    assert page.url == f"{url}/operator/login"
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_pages_fit_and_are_fit_for_everybody(
    browser: Any, url: str, scheme: str, width: int
) -> None:
    size = {"width": width, "height": 800}
    page = logged_in(browser, url, color_scheme=scheme, viewport=size)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for path in PAGES:
        page.goto(url + path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, path
        assert grave_faults(page) == [], path
    assert complaints == [], "nothing that the policy forbids is on a page"
    page.context.close()
