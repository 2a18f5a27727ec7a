"""A headless Chromium, where the machine has one.

One for each module, not for the session: its driver keeps an event loop running in this thread.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Open = Callable[..., Any]

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None or not Path(path).exists():
        pytest.skip("there is no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def window(browser: Any) -> Iterator[Any]:
    """Give one page for tests that show something in it and only look."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture(scope="module")
def _contexts(browser: Any) -> Iterator[dict[bool, Any]]:
    """Give one context with scripts and one without: a new one for each test costs more than most tests.

    In Tokyo, so that nobody takes the zone of the server for that of the reader.
    """
    contexts = {
        scripts: browser.new_context(java_script_enabled=scripts, timezone_id="Asia/Tokyo")
        for scripts in (True, False)
    }
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.fixture
def open_page(_contexts: dict[bool, Any]) -> Iterator[Open]:
    """Give the means to open pages, with or without scripts; they and all cookies go after the test."""
    pages = []

    def open_page(
        address: str, *, scripts: bool = True, color_scheme: str = "light",
        viewport: dict[str, int] | None = None,
    ) -> Any:  # fmt: skip
        page = _contexts[scripts].new_page()
        pages.append(page)
        page.emulate_media(color_scheme=color_scheme)
        if viewport:
            page.set_viewport_size(viewport)
        page.goto(address)
        return page

    yield open_page
    for page in pages:
        page.close()
    for context in _contexts.values():
        context.clear_cookies()
