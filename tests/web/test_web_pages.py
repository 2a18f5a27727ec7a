"""The pages of the web app."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from newsletter.errors import ConfigError, StorageError
from newsletter.web import Health, Site, WebServer, make_app

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


class Program:
    """Knows one token, and remembers which were used."""

    def __init__(self) -> None:
        self.used: list[str] = []
        self.is_broken = False

    def unsubscribe(self, token: str) -> bool:
        if self.is_broken:
            message = "database is locked at /secret/place"
            raise StorageError(message)
        self.used.append(token)
        return token == "good"

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
            unsubscribe=program.unsubscribe,
            health=program.health,
            received=received,
        )
    )


Serve = Callable[[Starlette], httpx.Client]


def test_looking_at_the_unsubscribe_page_changes_nothing(program: Program, serve: Serve) -> None:
    client = serve(app_of(program))
    known, unknown = client.get("/unsubscribe/good"), client.get("/unsubscribe/bad")
    assert known.status_code == 200
    assert known.text == unknown.text
    assert '<button name="List-Unsubscribe" value="One-Click">' in known.text
    client.head("/unsubscribe/good")
    assert client.options("/unsubscribe/good").status_code == 405
    assert program.used == []


@pytest.mark.parametrize("kind", ["urlencoded", "multipart"])
def test_one_click_unsubscribes_each_time(program: Program, serve: Serve, kind: str) -> None:
    client = serve(app_of(program))
    for _ in range(2):
        if kind == "urlencoded":
            answer = client.post("/unsubscribe/good", data=ONE_CLICK)
        else:
            files = {name: (None, value) for name, value in ONE_CLICK.items()}
            answer = client.post("/unsubscribe/good", files=files)
        assert answer.status_code == 200
        assert "You are unsubscribed" in answer.text
        assert "set-cookie" not in answer.headers
    assert program.used == ["good", "good"]


def test_an_unknown_token_is_told_another_way_out(program: Program, serve: Serve) -> None:
    answer = serve(app_of(program)).post("/unsubscribe/bad", data=ONE_CLICK)
    assert answer.status_code == 404
    assert "answer any of our letters" in answer.text


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"List-Unsubscribe=Two-Clicks", "application/x-www-form-urlencoded", 400),
        (b"", "application/x-www-form-urlencoded", 400),
        (b"a=\xff", "application/x-www-form-urlencoded", 400),
        (b"&".join([b"a=b"] * 100), "application/x-www-form-urlencoded", 400),
        (b"no boundary", "multipart/form-data", 400),
        (b"--b\r\n\r\nno name\r\n--b--", "multipart/form-data; boundary=b", 400),
        (b"List-Unsubscribe=One-Click", "text/plain", 415),
        (b"{}", "", 415),
        (b"a=" + b"b" * 17_000, "application/x-www-form-urlencoded", 413),
    ],
)
def test_a_body_that_is_no_such_form_changes_nothing(
    program: Program, serve: Serve, content: bytes, content_type: str, status: int
) -> None:
    headers = {"Content-Type": content_type}
    answer = serve(app_of(program)).post("/unsubscribe/good", content=content, headers=headers)
    assert answer.status_code == status
    assert "Leave this newsletter?" in answer.text
    assert program.used == []


def test_a_token_of_any_length_is_not_passed_on(program: Program, serve: Serve) -> None:
    answer = serve(app_of(program)).post("/unsubscribe/" + "a" * 5000, data=ONE_CLICK)
    assert answer.status_code == 404
    assert program.used == []


def test_trouble_is_admitted_without_its_details(program: Program, serve: Serve) -> None:
    program.is_broken = True
    answer = serve(app_of(program)).post("/unsubscribe/good", data=ONE_CLICK)
    assert answer.status_code == 503
    assert "retry-after" in answer.headers
    assert "secret" not in answer.text


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
