"""Who gets to the operator's pages, and who does not."""

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from starlette.applications import Starlette

from newsletter.web import make_app
from newsletter.web.operating.office import _GUARDS
from tests.web.operator_desk import NOW, TOKEN, FakeDesk, site_with

Serve = Callable[[Starlette], httpx.Client]
LOGIN = "/operator/login"
PAGES = (
    "/operator",
    "/operator/subscribers",
    "/operator/subscribers/a1",
    "/operator/deliveries",
    "/operator/held/arxiv",
    "/operator/audit",
)


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


def log_in(client: httpx.Client, token: str = TOKEN) -> httpx.Response:
    return client.post(LOGIN, data={"token": token})


def form_token(client: httpx.Client) -> str:
    page = client.get("/operator/audit").text
    return page.split('name="form_token" value="')[1].split('"')[0]


@pytest.mark.parametrize("path", [*PAGES, LOGIN, "/operator.json", "/operator/do"])
def test_without_any_way_in_there_are_no_pages(desk: FakeDesk, serve: Serve, path: str) -> None:
    client = serve(make_app(site_with(desk, token=None)))
    assert client.get(path).status_code == 404
    assert client.post(path).status_code in {404, 405}
    assert client.get("/operator", headers={"Remote-User": "ada"}).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_a_page_without_logging_in(desk: FakeDesk, serve: Serve, path: str) -> None:
    client = serve(make_app(site_with(desk)))
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, LOGIN)
    log_in(client)
    assert client.get(path).status_code == 200


def test_the_token_opens_a_session_for_twelve_hours(desk: FakeDesk, serve: Serve) -> None:
    client = serve(make_app(site_with(desk)))
    cookie = log_in(client).headers["set-cookie"].lower()
    for part in ("httponly", "samesite=strict", "path=/operator", "max-age=43200"):
        assert part in cookie
    assert TOKEN not in cookie
    assert "secure" not in cookie
    desk.time = NOW + timedelta(hours=11, minutes=59)
    assert client.get("/operator").status_code == 200
    assert client.get(LOGIN).status_code == 303, "somebody who is in need not log in"
    desk.time = NOW + timedelta(hours=12)
    assert client.get("/operator").status_code == 303


def test_behind_https_the_cookie_goes_by_https_alone(desk: FakeDesk, serve: Serve) -> None:
    client = serve(make_app(site_with(desk, url="https://news.example.org")))
    cookie = log_in(client).headers["set-cookie"]
    assert cookie.startswith("__Secure-operator=")
    assert "; secure" in cookie.lower()


def test_logging_out_ends_the_session_also_for_a_copy_of_the_cookie(
    desk: FakeDesk, serve: Serve
) -> None:
    client = serve(make_app(site_with(desk)))
    log_in(client)
    copied = {"Cookie": f"operator={client.cookies['operator']}"}
    answer = client.post("/operator/logout", data={"form_token": form_token(client)})
    assert (answer.status_code, answer.headers["location"]) == (303, LOGIN)
    assert "operator" not in client.cookies
    assert client.get("/operator", headers=copied).status_code == 303
    log_in(client)
    assert client.get("/operator").status_code == 200, "another session is none of its affair"
    assert [line.deed.action for line in desk.log.latest(limit=9)] == [
        "log in",
        "log out",
        "log in",
    ]


@pytest.mark.parametrize(
    ("token", "signing"), [("another token", (b"k" * 32,)), (TOKEN, (b"n" * 32,))]
)
def test_another_token_or_secret_ends_all_sessions(
    desk: FakeDesk, serve: Serve, token: str, signing: tuple[bytes, ...]
) -> None:
    client = serve(make_app(site_with(desk)))
    log_in(client)
    cookie = {"Cookie": f"operator={client.cookies['operator']}"}
    other = serve(make_app(site_with(desk, token=token, signing=signing)))
    assert other.get("/operator", headers=cookie).status_code == 303


def test_a_secret_that_is_being_replaced_still_counts(desk: FakeDesk, serve: Serve) -> None:
    client = serve(make_app(site_with(desk)))
    log_in(client)
    cookie = {"Cookie": f"operator={client.cookies['operator']}"}
    newer = serve(make_app(site_with(desk, signing=(b"n" * 32, b"k" * 32))))
    assert newer.get("/operator", headers=cookie).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"),
        lambda text: "9" + text,
        lambda text: text.replace(".", "..", 1),
        lambda _: "",
        lambda _: "." * 100_0,
        lambda text: text.split(".")[0],
        lambda text: "٩" + text[1:],
    ],
)
def test_a_cookie_that_is_not_ours_opens_nothing(
    desk: FakeDesk, serve: Serve, change: Callable[[str], str]
) -> None:
    client = serve(make_app(site_with(desk)))
    log_in(client)
    forged = change(client.cookies["operator"]).encode()
    client.cookies.clear()
    answer = client.get("/operator", headers={b"Cookie": b"operator=" + forged})
    assert answer.status_code == 303


def test_a_wrong_token_is_told_logged_and_audited(
    desk: FakeDesk, serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    client = serve(make_app(site_with(desk)))
    for wrong in ("", "guess", TOKEN + " ", "ä" * 900):
        answer = log_in(client, wrong)
        assert answer.status_code == 403
        assert 'role="alert"' in answer.text
        assert "set-cookie" not in answer.headers
    lines = desk.log.latest(limit=9)
    assert len(lines) == 4
    assert {line.deed.action for line in lines} == {"log in refused"}
    assert lines[0].deed.actor == "127.0.0.1/32"
    assert "guess" not in caplog.text
    assert "guess" not in str(lines)


def test_who_guesses_must_wait_and_the_right_token_too(desk: FakeDesk, serve: Serve) -> None:
    client = serve(make_app(site_with(desk)))
    assert [log_in(client, "guess").status_code for _ in range(5)] == [403] * 5
    answer = log_in(client)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert (
        client.get("/operator.json", headers={"Authorization": f"Bearer {TOKEN}"}).status_code
        == 429
    )


def test_one_who_guesses_does_not_lock_out_the_others(desk: FakeDesk, serve: Serve) -> None:
    client = serve(make_app(site_with(desk, proxies=["127.0.0.1"])))
    for _ in range(9):
        client.post(LOGIN, data={"token": "guess"}, headers={"X-Forwarded-For": "192.0.2.7"})
    headers = {"X-Forwarded-For": "198.51.100.9"}
    assert client.post(LOGIN, data={"token": TOKEN}, headers=headers).status_code == 303


def test_many_who_guess_lock_no_operator_out_and_flood_no_log(desk: FakeDesk, serve: Serve) -> None:
    client = serve(make_app(site_with(desk, proxies=["127.0.0.1"])))
    for number in range(110):
        client.post(
            LOGIN, data={"token": "guess"}, headers={"X-Forwarded-For": f"192.0.2.{number}"}
        )
    headers = {"X-Forwarded-For": "198.51.100.9"}
    assert client.post(LOGIN, data={"token": TOKEN}, headers=headers).status_code == 303
    assert len(desk.log.latest(limit=200)) <= 22, "the log is not flooded"


def test_a_server_in_front_names_the_operator(desk: FakeDesk, serve: Serve) -> None:
    app = make_app(site_with(desk, token=None, header="Remote-User", proxies=["127.0.0.1"]))
    client = serve(app)
    assert client.get("/operator").status_code == 403
    assert client.get(LOGIN).status_code == 404
    page = client.get("/operator", headers={"Remote-User": "ada"})
    assert page.status_code == 200
    assert "Log out" not in page.text
    assert "set-cookie" not in page.headers


def test_the_header_is_believed_from_nobody_else(desk: FakeDesk, serve: Serve) -> None:
    app = make_app(site_with(desk, token=None, header="Remote-User", proxies=["10.0.0.0/8"]))
    client = serve(app)
    headers = {"Remote-User": "ada", "X-Forwarded-For": "10.0.0.1"}
    assert client.get("/operator", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "given",
    [
        [("Remote-User", "ada"), ("Remote-User", "eve")],
        [("Remote-User", "")],
        [("Remote-User", "a" * 300)],
    ],
)
def test_a_header_that_is_not_one_name_opens_nothing(
    desk: FakeDesk, serve: Serve, given: list[tuple[str, str]]
) -> None:
    app = make_app(site_with(desk, token=None, header="Remote-User", proxies=["127.0.0.1"]))
    assert serve(app).get("/operator", headers=given).status_code == 403


@pytest.mark.parametrize("path", [*PAGES, LOGIN, "/operator/nowhere-at-all"])
def test_no_page_is_kept_framed_or_scripted(desk: FakeDesk, serve: Serve, path: str) -> None:
    client = serve(make_app(site_with(desk)))
    log_in(client)
    headers = client.get(path).headers
    assert headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    if not path.endswith("at-all") and path != LOGIN:
        assert "script-src" not in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
    assert "X-Frame-Options" in _GUARDS


@pytest.mark.parametrize("path", [*PAGES, LOGIN, "/operator/do", "/operator/logout"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])
def test_looking_changes_nothing(desk: FakeDesk, serve: Serve, path: str, method: str) -> None:
    client = serve(make_app(site_with(desk)))
    log_in(client)
    before = desk.log.latest(limit=99)
    answer = client.request(method, path)
    assert answer.status_code < 500
    assert desk.log.latest(limit=99) == before
    assert desk.orders == []


def test_the_json_is_for_whoever_brings_the_token(desk: FakeDesk, serve: Serve) -> None:
    client = serve(make_app(site_with(desk)))
    assert client.get("/operator.json").status_code == 401
    bad = client.get("/operator.json", headers={"Authorization": "Bearer guess"})
    assert (bad.status_code, bad.headers["www-authenticate"]) == (401, "Bearer")
    good = client.get("/operator.json", headers={"Authorization": f"bearer {TOKEN}"}).json()
    assert good["accounting"] == {
        "planned": 1200,
        "sent": 1000,
        "failed": 100,
        "cancelled": 50,
        "uncertain": 20,
        "waiting": 30,
    }
    assert good["adds_up"] is True
    log_in(client)
    assert client.get("/operator?format=json").json() == good


@pytest.mark.parametrize("path", ["/operator", "/operator.json", "/operator/audit", LOGIN])
def test_trouble_is_admitted_without_its_details(desk: FakeDesk, serve: Serve, path: str) -> None:
    client = serve(make_app(site_with(desk)))
    log_in(client)
    desk.is_broken = True
    headers = {"Authorization": f"Bearer {TOKEN}"} if path.endswith("json") else {}
    answer = client.get(path, headers=headers)
    assert answer.status_code == 503
    assert "secret" not in answer.text
