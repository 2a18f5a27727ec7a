"""Who is let in: nobody without a token, and nobody who tries many."""

from collections.abc import Iterator
from typing import cast

import httpx
import pytest

from newsletter.errors import StorageError
from newsletter.web import Health, Site, WebServer, make_app
from newsletter.web.api import ApiDesk
from tests.web.plain_client import client_of


class ClosedDesk:
    """Knows no token; with a broken database it cannot even say so."""

    def __init__(self) -> None:
        self.is_broken = False

    def token(self, _: str) -> None:
        if self.is_broken:
            message = "database is locked at /secret/place"
            raise StorageError(message)


@pytest.fixture
def desk() -> ClosedDesk:
    return ClosedDesk()


@pytest.fixture
def client(desk: ClosedDesk) -> Iterator[httpx.Client]:
    site = Site(name="Papers", health=lambda: Health(is_well=True), api=cast("ApiDesk", desk))
    server = WebServer(make_app(site), port=0)
    server.start()
    with client_of(f"{server.url}/api/v1") as made:
        yield made
    server.stop()


@pytest.mark.parametrize(
    "shown", ["", "Bearer", "Bearer nl_x", "Basic YTpi", "Bearer " + "\xe4" * 9]
)
def test_what_is_no_token_is_refused_in_one_form(client: httpx.Client, shown: str) -> None:
    answer = client.get("/entries", headers=[(b"authorization", shown.encode())])
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["title"] == "Unauthorized"


def test_many_wrong_tokens_wait(client: httpx.Client) -> None:
    statuses = [client.get("/topics", headers={"Authorization": "Bearer nl_x"}) for _ in range(21)]
    assert [one.status_code for one in statuses] == [401] * 20 + [429]
    assert int(statuses[-1].headers["retry-after"]) >= 1


def test_a_fault_of_ours_is_admitted_without_its_details(
    client: httpx.Client, desk: ClosedDesk
) -> None:
    desk.is_broken = True
    answer = client.get("/entries", headers={"Authorization": "Bearer nl_x"})
    assert answer.status_code == 503
    assert "secret" not in answer.text


def test_what_is_not_there_is_refused_in_the_same_form(client: httpx.Client) -> None:
    for path, method, status in [
        ("/nowhere", "GET", 404),
        ("/entries/a%0Ab", "GET", 404),
        ("/entries", "DELETE", 405),
    ]:
        answer = client.request(method, path)
        assert answer.status_code == status
        assert answer.json()["status"] == status


def test_the_document_can_be_read_by_everybody(client: httpx.Client) -> None:
    answer = client.get("/openapi.json")
    assert answer.json()["info"]["title"] == "Papers"
