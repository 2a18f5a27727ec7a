"""Who calls is looked at before what they send; and the door of the API says where its document is."""

import http.client
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast

import httpx
import pytest

from newsletter.model import ApiToken, Scope
from newsletter.web import Health, Site, WebServer, make_app
from newsletter.web.api import ApiDesk
from tests.web.plain_client import client_of

READS = "Bearer reads"


class Doorkeeper:
    """Knows one token, that may read entries and do nothing else."""

    def token(self, text: str) -> ApiToken | None:
        if f"Bearer {text}" != READS:
            return None
        at = datetime(2026, 11, 1, tzinfo=UTC)
        return ApiToken(name="reads", scopes=frozenset({Scope.ENTRIES_READ}), made_at=at)


@pytest.fixture
def server() -> Iterator[WebServer]:
    desk = cast("ApiDesk", Doorkeeper())
    site = Site(name="Papers", url="https://lab.example/news", health=_well, api=desk)
    made = WebServer(make_app(site), port=0)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def client(server: WebServer) -> Iterator[httpx.Client]:
    with client_of(server.url) as made:
        yield made


def _well() -> Health:
    return Health(is_well=True)


@pytest.mark.parametrize("body", [b"{broken", b'{"address": 1}', b"x" * 200_000])
def test_without_a_token_a_body_is_not_looked_at(client: httpx.Client, body: bytes) -> None:
    answer = client.post("/api/v1/subscribers", content=body)
    assert answer.status_code == 401
    assert answer.json()["detail"] == "Show a token that is in force."


@pytest.mark.parametrize("body", [b"{broken", b'{"address": 1}', b"x" * 200_000])
def test_without_the_scope_a_body_is_not_looked_at(client: httpx.Client, body: bytes) -> None:
    answer = client.post("/api/v1/subscribers", content=body, headers={"Authorization": READS})
    assert answer.status_code == 403


def test_without_a_token_nobody_waits_for_the_rest_of_a_body(server: WebServer) -> None:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=5)
    connection.putrequest("POST", "/api/v1/subscribers")
    connection.putheader("Content-Length", "1000")
    connection.endheaders(b"{")
    assert connection.getresponse().status == 401
    connection.close()


def test_wrong_tokens_with_bodies_wait_as_well(client: httpx.Client) -> None:
    answers = [client.post("/api/v1/subscribers", content=b"{") for _ in range(21)]
    assert [one.status_code for one in answers] == [401] * 20 + [429]


def test_a_body_that_is_too_large_is_refused_in_the_one_form(client: httpx.Client) -> None:
    answer = client.request(
        "GET", "/api/v1/topics", content=b"x" * 200_000, headers={"Authorization": READS}
    )
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/"])
def test_the_door_says_where_the_document_is(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.json() == {
        "name": "Papers",
        "openapi": "https://lab.example/news/api/v1/openapi.json",
    }
    document = json.loads(client.get("/news/api/v1/openapi.json").text)
    assert document["info"]["title"] == "Papers"
