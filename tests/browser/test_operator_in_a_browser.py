"""The operator's pages in a real browser, with and without scripts, in light and dark, on a phone."""

from collections.abc import Iterator
from typing import Any

import pytest

from newsletter.web import make_app
from tests.browser.conftest import Open
from tests.browser.looks import LOOKS, in_window, serious_faults
from tests.web.operator_desk import TOKEN, FakeDesk, site_with
from tests.web.stages import Stages

PAGES = (
    "/operator",
    "/operator/subscribers?q=ada@",
    "/operator/subscribers/a1",
    "/operator/deliveries?state=trouble",
    "/operator/held/arxiv",
    "/operator/audit",
)


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def url(desk: FakeDesk, stages: Stages) -> Iterator[str]:
    with stages.showing(make_app(site_with(desk))) as url:
        yield url


def logged_in(open_page: Open, url: str, *, scripts: bool = True, **looks: Any) -> Any:
    page = open_page(f"{url}/operator", scripts=scripts, **looks)
    assert page.url == f"{url}/operator/login"
    if scripts:  # axe is a script
        assert serious_faults(page) == []
    page.fill("#token", TOKEN)
    page.click("main button")
    assert page.url == f"{url}/operator"
    return page


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_somebody_logs_in_does_something_and_logs_out(
    open_page: Open, url: str, desk: FakeDesk, *, scripts: bool
) -> None:
    page = logged_in(open_page, url, scripts=scripts)
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


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_fit_and_are_fit_for_everybody(
    open_page: Open, url: str, width: int, scheme: str
) -> None:
    page = logged_in(open_page, url, **in_window(width, scheme))
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for path in PAGES:
        page.goto(url + path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, path
        assert serious_faults(page) == [], path
    assert complaints == [], "nothing that the policy forbids is on a page"
