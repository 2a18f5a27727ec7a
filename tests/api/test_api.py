"""What other programs read and do through the API, over a real newsletter."""

from typing import Any

import pytest

from newsletter.model import Scope
from tests.api.conftest import ApiHouse


def items(answer: Any, name: str) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    found = answer.json()[name]
    assert isinstance(found, list)
    return found


def test_all_entries_are_read_page_by_page(api: ApiHouse) -> None:
    client = api.client(Scope.ENTRIES_READ)
    everything = items(client.get("/entries", params={"limit": 500}), "entries")
    pages, after = [], 0
    while after is not None:
        page = client.get("/entries", params={"limit": 7, "after": after}).json()
        pages += page["entries"]
        after = page["next"]
    assert pages == everything
    assert len(pages) > 50
    one = client.get(f"/entries/{pages[3]['id']}").json()
    assert one == pages[3]
    assert client.get("/entries", params={"source": "nobody"}).json()["entries"] == []


def test_the_catalogue_is_read(api: ApiHouse) -> None:
    topics = items(api.client(Scope.ENTRIES_READ).get("/topics"), "topics")
    assert {"name", "title", "query", "about", "is_default"} == set(topics[0])


def test_an_edition_says_why_each_entry_is_there(api: ApiHouse) -> None:
    client = api.client(Scope.EDITIONS_READ, Scope.SUBSCRIBERS_READ, Scope.DELIVERIES_READ)
    (ada,) = items(client.get("/subscribers", params={"address": "ada@example.org"}), "subscribers")
    (slot,) = items(client.get(f"/subscribers/{ada['id']}/editions"), "editions")
    edition = client.get(f"/editions/{slot['edition']}").json()
    assert edition["subscriber"] == ada["id"]
    assert edition["state"] == "sent"
    assert all(entry["reasons"][0]["text"] for entry in edition["entries"])
    letter = client.get(f"/editions/{slot['edition']}/letter")
    assert letter.headers["content-type"].startswith("text/html")
    assert letter.headers["content-security-policy"].startswith("default-src 'none'")
    assert client.get("/editions/aaaaaaaaaaaaaaaaaaaa").status_code == 404


def test_deliveries_are_read_the_newest_first(api: ApiHouse) -> None:
    client = api.client(Scope.DELIVERIES_READ)
    everything = items(client.get("/deliveries"), "deliveries")
    assert [one["id"] for one in everything] == sorted(
        (one["id"] for one in everything), reverse=True
    )
    page = client.get("/deliveries", params={"limit": 1, "state": "sent"}).json()
    sent = [one for one in everything if one["state"] == "sent"]
    assert page["deliveries"] == sent[:1]
    assert page["next"] == sent[0]["id"]
    assert client.get(f"/deliveries/{page['next']}").json() == sent[0]
    assert client.get("/deliveries/999999").status_code == 404


def test_what_was_sent_cannot_be_tried_again(api: ApiHouse) -> None:
    client = api.client(Scope.DELIVERIES_WRITE)
    (sent, *_) = items(client.get("/deliveries", params={"state": "sent"}), "deliveries")
    assert client.post(f"/deliveries/{sent['id']}/retry").status_code == 409


def test_a_stranger_is_asked_and_one_vouched_for_is_confirmed(api: ApiHouse) -> None:
    client = api.client(Scope.SUBSCRIBERS_WRITE)
    asked = client.post("/subscribers", json={"address": "stranger@example.com"})
    assert (asked.status_code, asked.json()) == (202, {"outcome": "asked"})
    again = client.post("/subscribers", json={"address": "stranger@example.com"})
    assert again.json() == {"outcome": "limited"}

    wish = {"address": "new@example.com", "topics": [], "vouched": "signed up at the workshop"}
    assert client.post("/subscribers", json=wish).json() == {"outcome": "confirmed"}
    assert client.post("/subscribers", json=wish).json() == {"outcome": "already-subscribed"}
    (new,) = items(client.get("/subscribers", params={"address": "new@example.com"}), "subscribers")
    details = client.get(f"/subscribers/{new['id']}").json()
    assert details["state"] == "confirmed"
    assert "email: new@example.com" in details["preferences"]
    assert len(details["coming"]) == 3
    assert "signed up at the workshop (api token “test" in details["consents"][-1]["statement"]


def test_nobody_who_left_is_brought_back(api: ApiHouse) -> None:
    client = api.client(Scope.SUBSCRIBERS_WRITE)
    wish = {"address": "left@example.com", "vouched": "signed up at the workshop"}
    client.post("/subscribers", json=wish)
    (left,) = items(
        client.get("/subscribers", params={"address": "left@example.com"}), "subscribers"
    )
    for _ in range(2):
        answer = client.post(f"/subscribers/{left['id']}/unsubscribe", json={})
        assert answer.status_code == 204
    assert client.post("/subscribers", json=wish).status_code == 409
    assert client.delete(f"/subscribers/{left['id']}").status_code == 204
    assert client.get(f"/subscribers/{left['id']}").status_code == 404
    assert client.delete(f"/subscribers/{left['id']}").status_code == 404


def test_preferences_are_written_over_what_was_read_and_nothing_else(api: ApiHouse) -> None:
    client = api.client(Scope.SUBSCRIBERS_WRITE)
    (ken,) = items(client.get("/subscribers", params={"address": "ken@example.net"}), "subscribers")
    place = f"/subscribers/{ken['id']}"
    read = client.get(place)
    text = read.json()["preferences"]
    changed = {"preferences": text + "\nstrictness: strict\n"}
    tag = {"If-Match": read.headers["etag"]}
    assert client.put(f"{place}/preferences", json=changed, headers=tag).status_code == 204
    assert client.put(f"{place}/preferences", json=changed, headers=tag).status_code == 412
    whatever = {"If-Match": "*"}
    assert client.put(f"{place}/preferences", json=changed, headers=whatever).status_code == 204
    broken = client.put(
        f"{place}/preferences", json={"preferences": text + "\nstrictnes: strict\n"}
    )
    assert broken.status_code == 422
    (problem,) = broken.json()["problems"]
    assert (problem["place"], problem["suggestion"] is not None) == ("strictnes", True)
    assert client.get(place).json()["preferences"] == changed["preferences"]


@pytest.mark.parametrize(
    ("scopes", "status"),
    [
        ((Scope.ENTRIES_READ, Scope.DELIVERIES_WRITE), 403),
        ((Scope.SUBSCRIBERS_READ,), 200),
        ((Scope.SUBSCRIBERS_WRITE,), 200),
    ],
)
def test_a_token_may_what_its_scopes_say(
    api: ApiHouse, scopes: tuple[Scope, ...], status: int
) -> None:
    assert api.client(*scopes).get("/subscribers").status_code == status


def test_a_body_that_is_too_large_is_refused(api: ApiHouse) -> None:
    client = api.client(Scope.SUBSCRIBERS_WRITE)
    answer = client.post("/subscribers", content=b"x" * 200_000)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("wish", "place"),
    [
        ({"address": "no address"}, ""),
        ({"address": "a@example.org", "topics": ["(("]}, ""),
        ({"address": "a@example.org", "colour": "red"}, "body.colour"),
        ({}, "body.address"),
        ({"address": "a@example.org", "vouched": "yes"}, "body.vouched"),
    ],
)
def test_a_wrong_wish_is_told_where(api: ApiHouse, wish: dict[str, Any], place: str) -> None:
    answer = api.client(Scope.SUBSCRIBERS_WRITE).post("/subscribers", json=wish)
    assert answer.status_code == 422
    assert [one["place"] for one in answer.json()["problems"]] == ([place] if place else [])


def test_tokens_are_made_listed_and_revoked_on_the_command_line(api: ApiHouse) -> None:
    made = api.house.run("--json", "tokens", "add", "lab site", "--scope", "entries:read")
    assert made.code == 0, made.err
    show = {"Authorization": f"Bearer {made.json['token']}"}
    client = api.client()
    assert client.get("/topics", headers=show).status_code == 200
    listed = api.house.run("--json", "tokens", "list").json["tokens"]
    assert ("lab site", ["entries:read"]) in [(one["name"], one["scopes"]) for one in listed]
    assert made.json["token"] not in str(listed)
    assert "lab site" in api.house.run("tokens", "list").out
    taken = api.house.run("tokens", "add", "lab site", "--scope", "entries:read")
    assert taken.code == 78
    assert "there is a token of this name" in taken.err
    assert api.house.run("tokens", "revoke", "lab site").code == 0
    assert api.house.run("tokens", "revoke", "lab site").code == 65
    assert client.get("/topics", headers=show).status_code == 401
