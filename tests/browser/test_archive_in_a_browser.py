"""Reading the archive as a person does: from the first page to the day before, without a script."""

from collections.abc import Iterator
from typing import Final

import pytest

from newsletter.model import RenderedEmail
from newsletter.web import Health, Site, WebServer, make_app
from newsletter.workflows import FeedEntry
from tests.browser.conftest import Open
from tests.browser.looks import in_window, serious_faults
from tests.web.archive_desk import Archive

PAGES: Final = ("/archive", "/archive/gulls", "/archive/gulls/2026-11-23", "/letters/gone")
LETTER: Final = """<!doctype html><html lang="en"><head><title>Letter</title>
<style>p { color: rgb(1, 2, 3) }</style></head>
<body><p style="font-weight:700">Hello</p><script>document.title = "taken"</script>
<img src="/static/x/y.png" alt=""></body></html>"""


class Letters:
    """One letter, and nobody's feed."""

    def letter(self, token: str, /) -> RenderedEmail | None:
        return RenderedEmail("Letter", "Hello", LETTER) if token == "good" else None

    def feed(self, token: str, /) -> list[FeedEntry] | None:
        del token
        return None


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    archive = Archive()
    archive.title = "How gulls find their way home over the open sea"
    site = Site(
        name="Shore",
        health=lambda: Health(is_well=True),
        archive=archive,
        reading=Letters(),
        domain="example.org",
    )
    server = WebServer(make_app(site), port=0)
    server.start()
    yield server.url
    server.stop()


def test_somebody_reads_from_the_first_page_to_the_day_before(url: str, open_page: Open) -> None:
    page = open_page(f"{url}/archive", scripts=False)
    page.get_by_role("link", name="Gulls & <i>terns</i>").click()
    page.get_by_role("link", name="23 November 2026", exact=True).click()
    assert "2026-11-23" in page.url
    page.get_by_text("Abstract").first.click()
    assert page.get_by_text("It is long.").first.is_visible()
    page.get_by_role("link", name="← 2026-11-22").click()
    assert page.get_by_text("Sunday, 22 November 2026").is_visible()
    page.get_by_role("link", name="Archive").first.click()
    assert page.url.endswith("/archive")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_reader_of_screens_finds_nothing_serious(url: str, open_page: Open, scheme: str) -> None:
    page = open_page(f"{url}/healthz", **in_window(375, scheme))
    for path in PAGES:
        page.goto(url + path)
        assert serious_faults(page) == [], path


@pytest.mark.parametrize("path", PAGES[:3])
def test_nothing_is_wider_than_the_window(url: str, open_page: Open, path: str) -> None:
    page = open_page(url + path)
    for width in (320, 375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_letter_shows_in_its_own_style_and_loads_and_runs_nothing(
    url: str, open_page: Open
) -> None:
    page = open_page(f"{url}/letters/good")
    assert page.title() == "Letter"
    look = page.evaluate(
        "(() => { const p = getComputedStyle(document.querySelector('p'));"
        " return [p.color, p.fontWeight] })()"
    )
    assert look == ["rgb(1, 2, 3)", "700"]
    assert page.evaluate("document.querySelector('img').naturalWidth") == 0
