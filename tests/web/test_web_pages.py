"""The pages of the web app."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from newsletter.errors import ConfigError, StorageError
from newsletter.web import Health, Site, WebServer, make_app
from tests.web.leaving_desk import FakeLeavingDesk


class Program:
    """Says how it is."""

    def __init__(self) -> None:
        self.is_broken = False

    def health(self) -> Health:
        if self.is_broken:
            message = "database is locked"
            raise StorageError(message)
        return Health(is_well=True, details={"waiting": "3"})


@pytest.fixture
def program() -> Program:
    return Program()


def app_of(program: Program, received: Path | None = None) -> Starlette:
    return make_app(
        Site(
            name="Papers & <Posts>",
            leaving=FakeLeavingDesk(),
            health=program.health,
            received=received,
        )
    )


Serve = Callable[[Starlette], httpx.Client]


@pytest.mark.parametrize("path", ["/", "/unsubscribe/good", "/nowhere", "/received/"])
def test_every_page_is_guarded(program: Program, serve: Serve, path: str, tmp_path: Path) -> None:
    headers = serve(app_of(program, tmp_path)).get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


def test_the_first_page_names_the_newsletter(program: Program, serve: Serve) -> None:
    page = serve(app_of(program)).get("/").text
    assert "<h1>Papers &amp; &lt;Posts&gt;</h1>" in page
    assert "/received/" not in page


def test_health_is_for_machines(program: Program, serve: Serve) -> None:
    client = serve(app_of(program))
    assert client.get("/healthz").json() == {"status": "ok", "waiting": "3"}
    program.is_broken = True
    sick = client.get("/healthz")
    assert (sick.status_code, sick.json()["status"]) == (503, "trouble")


def test_received_letters_are_there_on_trial_only(
    program: Program, serve: Serve, tmp_path: Path
) -> None:
    (tmp_path / "received").mkdir()
    (tmp_path / "received" / "index.html").write_text("<h1>Letters</h1>")
    (tmp_path / "secret").write_text("secret")
    client = serve(app_of(program, tmp_path / "received"))
    assert "/received/" in client.get("/").text
    assert client.get("/received/").text == "<h1>Letters</h1>"
    assert client.get("/received/%2e%2e/secret").status_code == 404
    assert serve(app_of(program)).get("/received/").status_code == 404


def test_links_of_received_letters_lead_to_these_pages(
    program: Program, serve: Serve, tmp_path: Path
) -> None:
    letter = "<a href=&#34;https://news.example.org/likes/t/1&#34;>https://news.example.org/</a>"
    (tmp_path / "one.html").write_text(f'<iframe srcdoc="{letter}"></iframe>')
    site = Site(
        name="Papers", url="https://news.example.org", health=program.health, received=tmp_path
    )
    shown = serve(make_app(site)).get("/received/one.html").text
    assert "href=&#34;/likes/t/1&#34;" in shown
    assert ">https://news.example.org/</a>" in shown, "what is no link stays as it was"
    assert "https://news.example.org/likes" in (tmp_path / "one.html").read_text()


def test_the_style_may_be_kept(program: Program, serve: Serve) -> None:
    style = serve(app_of(program)).get("/static/anything/style.css")
    assert style.headers["content-type"].startswith("text/css")
    assert style.headers["cache-control"] == "no-cache"


def test_a_port_that_is_taken_is_an_error_of_the_settings(program: Program) -> None:
    first = WebServer(app_of(program), port=0)
    port = first.start()
    try:
        assert first.start() == port
        assert first.url == f"http://127.0.0.1:{port}"
        with pytest.raises(ConfigError, match=r"choose another web\.port"):
            WebServer(app_of(program), port=port).start()
    finally:
        first.stop()
        first.stop()
