"""A HEAD says how long the page would be, or nothing of it; also below a path."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from newsletter.web import Health, Site, make_app
from tests.web.archive_desk import Archive
from tests.web.leaving_desk import FakeLeavingDesk

Serve = Callable[[Starlette], httpx.Client]


@pytest.fixture
def client(serve: Serve, tmp_path: Path) -> httpx.Client:
    (tmp_path / "index.html").write_text('<!doctype html><a href="/operator">x</a>\n' * 9)
    site = Site(
        name="Shore",
        url="https://lab.example.org/news",
        health=lambda: Health(is_well=True),
        leaving=FakeLeavingDesk(),
        archive=Archive(),
        received=tmp_path,
    )
    return serve(make_app(site))


@pytest.mark.parametrize(
    "path", ["/", "/nowhere", "/unsubscribe/x", "/undo/x", "/archive", "/received/"]
)
def test_a_head_never_names_another_length_than_the_page_has(
    client: httpx.Client, path: str
) -> None:
    page, head = client.get(path), client.head(path)
    assert head.status_code == page.status_code
    assert head.headers.get("content-length", str(len(page.content))) == str(len(page.content))
    assert head.content == b""
