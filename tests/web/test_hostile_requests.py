"""What strangers send to hurt: bodies that take long to read, heads without an end, faults of ours."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import thread_time
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.types import Message

from newsletter.web import Health, Site, make_app
from newsletter.web.forms import FormError, read_form
from tests.moments import soon
from tests.web.leaving_desk import FakeLeavingDesk
from tests.web.operator_desk import TOKEN, FakeDesk, site_with

Serve = Callable[[Starlette], httpx.Client]

MULTIPART = "multipart/form-data; boundary=0"


def _request(body: bytes, content_type: str = MULTIPART) -> Request:
    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    headers = [(b"content-type", content_type.encode())]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


async def _read(body: bytes, content_type: str = MULTIPART) -> dict[str, str]:
    return dict(await read_form(_request(body, content_type), most_bytes=256 * 1024))


def _run(body: bytes, content_type: str = MULTIPART) -> dict[str, str]:
    """Run what never waits."""
    steps = _read(body, content_type)
    with pytest.raises(StopIteration) as end:
        steps.send(None)
    fields: dict[str, str] = end.value.value
    return fields


def _nested(levels: int, size: int) -> bytes:
    """Return a body in which each part holds the next one, and then many lines."""
    heads = b"".join(
        b"--%x\r\nContent-Type: multipart/x; boundary=%x\r\n\r\n" % (one, one + 1)
        for one in range(levels)
    )
    return heads + b"x\n" * ((size - len(heads)) // 2)


@pytest.mark.parametrize("levels", [100, 600, 3_000])
def test_parts_within_parts_cost_no_more_than_others(levels: int) -> None:
    body = _nested(levels, 256 * 1024)
    assert soon(lambda: _run(body), 0.5) == {}


def test_a_form_has_so_many_parts_and_no_more() -> None:
    part = b'--0\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    assert _run(part * 20 + b"--0--\r\n") == {"a": "1"}
    with pytest.raises(FormError) as refusal:
        _run(part * 21 + b"--0--\r\n")
    assert refusal.value.status == 400


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_multipart_is_read_as_browsers_and_mail_programs_write_it(end: str) -> None:
    lines = (
        "a preamble",
        "--b-1",
        'Content-Disposition: form-data; name="word"',
        "",
        "Grüße",
        "--b-1",
        "content-type: text/plain",
        'content-disposition: form-data; name="text"',
        "",
        f"one{end}{end}--b-2{end}two",
        "--b-1--",
        "an epilogue",
    )
    fields = _run(end.join(lines).encode(), 'multipart/form-data; boundary="b-1"')
    assert fields == {"word": "Grüße", "text": f"one{end}{end}--b-2{end}two"}


@pytest.mark.parametrize("body", [b"", b"--0--", b"--1\r\n\r\nx\r\n--1--", b"nothing of the kind"])
def test_what_has_no_part_is_no_form(body: bytes) -> None:
    with pytest.raises(FormError) as refusal:
        _run(body)
    assert refusal.value.status == 400


def test_a_multipart_body_without_a_boundary_is_no_form() -> None:
    with pytest.raises(FormError):
        _run(b"--0\r\n\r\nx\r\n--0--", "multipart/form-data")


@pytest.mark.parametrize("head", [b"", b"\r\n", b" \t" * 30_000])
def test_a_long_head_of_a_part_is_not_read(head: bytes) -> None:
    body = b'--0\r\n%sContent-Disposition: form-data; a="%s"; name="x"\r\n\r\non\r\n--0--'
    began = thread_time()
    assert _run(body % (head, b";" * 120_000)) == {}
    with pytest.raises(FormError):
        _run(b"", f'multipart/form-data; a="{";" * 60_000}"; boundary=0')
    assert thread_time() - began < 0.5


def test_names_are_texts_that_can_be_written() -> None:
    body = b'--0\r\nContent-Disposition: form-data; name="t\xff"\r\n\r\non\r\n--0--'
    for name in _run(body):
        name.encode()


@pytest.mark.parametrize("host", ["evil.example", "evil.example/x", "[", "a//b"])
def test_a_redirect_names_no_host(serve: Serve, host: str) -> None:
    client = serve(make_app(site_with(FakeDesk())))
    answer = client.get("/operator/login/", headers={"Host": host})
    location = answer.headers["location"]
    assert answer.status_code == 307
    assert location.startswith("/")
    assert not location.startswith("//")
    assert "evil" not in location


def test_a_redirect_stays_below_the_path_of_the_site(serve: Serve) -> None:
    site = Site(
        name="N",
        url="https://lab.example.org/news",
        health=lambda: Health(is_well=True),
        leaving=FakeLeavingDesk(),
    )
    answer = serve(make_app(site)).get("/news/unsubscribe/good/")
    assert answer.headers["location"] == "/news/unsubscribe/good"


@contextmanager
def _open(client: httpx.Client) -> Iterator[socket.socket]:
    address = urlsplit(str(client.base_url))
    with socket.create_connection((address.hostname or "", address.port or 0), 20) as one:
        yield one


def test_tokens_whose_bodies_come_late_count_as_well(serve: Serve) -> None:
    """Given many log-ins that were begun, when their bodies come, then only the first few are looked at."""
    client = serve(make_app(site_with(FakeDesk())))
    body = f"token=x{TOKEN[1:]}".encode()
    head = (
        b"POST /operator/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n"
    )
    answers = []
    address = urlsplit(str(client.base_url))
    begun = [
        socket.create_connection((address.hostname or "", address.port or 0), 20) for _ in range(9)
    ]
    for one in begun:
        one.sendall(head % len(body))
    client.get("/healthz")  # by then all of them wait for their bodies
    for one in begun:
        one.sendall(body)
        answers.append(one.makefile("rb").readline().split()[1])
        one.close()
    assert answers == [b"403"] * 5 + [b"429"] * 4


def test_a_head_without_an_end_is_cut_off(serve: Serve) -> None:
    client = serve(make_app(site_with(FakeDesk())))
    with _open(client) as one, pytest.raises(OSError, match=r"reset|[Bb]roken|abort"):
        one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 30_000_000)
    assert client.get("/healthz").status_code == 200


def test_long_bodies_and_many_requests_are_no_long_heads(serve: Serve) -> None:
    client = serve(make_app(site_with(FakeDesk())))
    for _ in range(3):
        assert client.post("/operator/login", content=b"a" * 900_000).status_code == 413
    with _open(client) as one:
        one.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: %s\r\n\r\n" % (b"a" * 9_000) * 60)
        seen = b""
        while seen.count(b"HTTP/1.1 200") < 60:
            more = one.recv(65_536)
            assert more
            seen += more


def test_a_fault_of_ours_is_the_page_that_admits_it(serve: Serve) -> None:
    def fail() -> Health:
        message = "secret detail"
        raise ZeroDivisionError(message)

    answer = serve(make_app(Site(name="N", health=fail))).get("/healthz")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "secret" not in answer.text
