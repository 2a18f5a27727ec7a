"""The preferences page: looked at, changed on either side, saved, and in nobody else's way."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import httpx
import pytest
from starlette.applications import Starlette

from newsletter.bootstrap import PreferencesPage, Sheet
from newsletter.errors import StorageError
from newsletter.model import EntryId, KeyPurpose, SubscriptionState
from newsletter.rules.addresses import address_key
from newsletter.web import make_app
from newsletter.workflows.receive.posting import hash_of
from tests.web.preferences_house import ADA, DOCUMENT, PreferencesHouse, fields_of, open_house

Serve = Callable[[Starlette], httpx.Client]
EMPTY = "x" * 26


@pytest.fixture
def house(tmp_path: Path) -> Iterator[PreferencesHouse]:
    with open_house(tmp_path / "news") as house:
        yield house


@pytest.fixture
def client(house: PreferencesHouse, serve: Serve) -> httpx.Client:
    return serve(make_app(house.site()))


@pytest.fixture
def page(house: PreferencesHouse) -> str:
    return f"/preferences/{house.token()}"


def press(client: httpx.Client, page: str, do: str, **changes: str) -> httpx.Response:
    named = {key.replace("__", "."): value for key, value in changes.items()}
    return client.post(page, data={**fields_of(client.get(page)), **named, "do": do})


def test_looking_shows_both_sides_and_changes_nothing(
    house: PreferencesHouse, client: httpx.Client, page: str
) -> None:
    answer = client.get(page)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    sent = fields_of(answer)
    assert sent["yaml"].replace("\r\n", "\n") == DOCUMENT
    assert sent["own.0.query"] == '"safety guardrail*" OR jailbreak'
    assert sent["send.at"] == "07:30"
    assert ADA in answer.text
    for again in (client.head(page), client.get(f"{page}?do=save"), client.get(f"{page}/sample")):
        assert again.status_code == 200
    assert client.put(page, data=sent).status_code == 405
    assert client.get(f"{page}/draft").status_code == 405
    assert client.get(f"{page}/press").status_code == 405
    assert house.text == DOCUMENT


@pytest.mark.parametrize("do", ["save", "yaml", "form", "agree", "", "remove-99", "nonsense"])
def test_a_form_sent_as_it_was_leaves_every_byte(
    house: PreferencesHouse, client: httpx.Client, page: str, do: str
) -> None:
    for end in ("\n", "\r\n"):
        text = DOCUMENT.replace("\n", end)
        house.write(text)
        answer = press(client, page, do)
        assert answer.status_code == 200
        if do != "save":
            assert fields_of(answer)["yaml"].replace("\r\n", "\n") == DOCUMENT
            assert press(client, page, "save").status_code == 200
        assert house.text == text


def test_a_changed_field_is_saved_and_told_of(
    house: PreferencesHouse, client: httpx.Client, page: str
) -> None:
    answer = press(client, page, "save", entries__at_most="5")
    assert "Entries at most: 12 → 5" in answer.text
    assert "Thursday, 26 November 2026 at 07:30" in answer.text
    assert house.text == DOCUMENT.replace("at_most: 12", "at_most: 5")
    assert house.ada.preferences
    assert house.ada.preferences.at_most == 5
    assert "5" in fields_of(client.get(page))["entries.at_most"]


def test_the_yaml_is_saved_as_well(
    house: PreferencesHouse, client: httpx.Client, page: str
) -> None:
    wanted = DOCUMENT.replace("at_most: 12", "at_most: 3").replace("breakfast", "tea")
    assert press(client, page, "save", yaml=wanted.replace("\n", "\r\n")).status_code == 200
    assert house.text == wanted


def test_either_side_follows_the_other(client: httpx.Client, page: str) -> None:
    by_form = fields_of(press(client, page, "yaml", send__at="18:00"))
    assert 'at: "18:00"             # before' in by_form["yaml"]
    yaml = DOCUMENT.replace("at_most: 12", "at_most: 7")
    for answer in (
        press(client, page, "form", yaml=yaml),
        client.post(f"{page}/draft", data={**fields_of(client.get(page)), "yaml": yaml}),
    ):
        assert fields_of(answer)["entries.at_most"] == "7"
        assert "Entries at most: 12 → 7" in answer.text
    again = client.post(page, data={**fields_of(press(client, page, "form", yaml=yaml)), "do": ""})
    assert fields_of(again)["yaml"].replace("\r\n", "\n") == yaml


def test_a_draft_is_never_saved(house: PreferencesHouse, client: httpx.Client, page: str) -> None:
    sent = {**fields_of(client.get(page)), "entries.at_most": "5", "do": "save"}
    assert client.post(f"{page}/draft", data=sent).status_code == 200
    assert client.post(f"{page}/sample", data=sent).status_code == 200
    assert house.text == DOCUMENT


def test_both_sides_changed_to_two_things_are_asked_and_kept(
    house: PreferencesHouse, client: httpx.Client, page: str
) -> None:
    yaml = DOCUMENT.replace("at_most: 12", "at_most: 7")
    asked = press(client, page, "save", yaml=yaml, entries__at_most="5")
    assert asked.status_code == 422
    assert "The form says <strong>5</strong>, the YAML <strong>7</strong>" in asked.text
    sent = fields_of(asked)
    assert (sent["entries.at_most"], "at_most: 7" in sent["yaml"]) == ("5", True)
    assert house.text == DOCUMENT
    by_form = fields_of(client.post(page, data={**sent, "do": "keep-form"}))
    assert "at_most: 5" in by_form["yaml"]
    by_yaml = fields_of(client.post(page, data={**sent, "do": "keep-yaml"}))
    assert by_yaml["entries.at_most"] == "7"


def test_a_mistake_is_told_at_its_field_and_at_its_line_and_nothing_is_saved(
    house: PreferencesHouse, client: httpx.Client, page: str
) -> None:
    answer = press(client, page, "save", own__0__query="(jailbreak", entries__at_most="99")
    assert answer.status_code == 422
    assert 'id="wrong-own.0.query"' in answer.text
    assert 'id="wrong-entries.at_most" role="alert"' in answer.text
    assert 'aria-describedby="wrong-entries.at_most"' in answer.text
    assert 'data-line="9"' in answer.text
    assert "Write 50" in answer.text or "write 50" in answer.text
    assert house.text == DOCUMENT


def test_a_text_that_is_no_yaml_is_kept_as_it_is(client: httpx.Client, page: str) -> None:
    broken = DOCUMENT.replace("send:", "send: [")
    answer = press(client, page, "save", yaml=broken)
    assert answer.status_code == 422
    assert fields_of(answer)["yaml"].replace("\r\n", "\n") == broken
    assert fields_of(answer)["entries.at_most"] == "12"
    both = press(client, page, "yaml", yaml=broken, entries__at_most="5")
    assert "could not be written into the YAML" in both.text
    back = client.post(page, data={**fields_of(both), "do": "keep-form"})
    mended = fields_of(back)["yaml"].replace("\r\n", "\n")
    assert mended == DOCUMENT.replace("at_most: 12", "at_most: 5")


def test_topics_are_added_and_removed_without_a_script(
    house: PreferencesHouse, client: httpx.Client, page: str
) -> None:
    added = fields_of(press(client, page, "add-topic"))
    assert added["own.2.name"] == ""
    more = {"own.2.name": "Zebra fish", "own.2.about": "how fish see", "topic.vision": "1"}
    second = fields_of(client.post(page, data={**added, **more, "do": "remove-0"}))
    assert client.post(page, data={**second, "do": "save"}).status_code == 200
    assert "guardrails" not in house.text
    assert "# the second" in house.text
    assert house.ada.preferences
    names = [topic.name for topic in house.ada.preferences.topics]
    assert sorted(names) == ["Zebra fish", "climate", "vision"]


def test_the_address_cannot_be_changed(
    house: PreferencesHouse, client: httpx.Client, page: str
) -> None:
    yaml = DOCUMENT.replace("email: ada@", "email: eve@")
    answer = press(client, page, "save", yaml=yaml)
    assert answer.status_code == 422
    assert "cannot be changed here" in answer.text.lower()
    assert house.text == DOCUMENT


def test_what_somebody_else_wrote_meanwhile_is_shown_and_not_lost(
    house: PreferencesHouse, client: httpx.Client, page: str
) -> None:
    sent = {**fields_of(client.get(page)), "entries.at_most": "5"}
    theirs = DOCUMENT.replace("before breakfast", "as they say")
    house.write(theirs)
    updated = fields_of(client.post(page, data={**sent, "do": "yaml"}))
    clash = client.post(page, data={**updated, "do": "save"})
    assert clash.status_code == 409
    assert "Somebody changed them meanwhile" in clash.text
    assert "as they say" in clash.text
    assert "at_most: 5" in fields_of(clash)["yaml"]
    assert house.text == theirs
    assert client.post(page, data={**fields_of(clash), "do": "save"}).status_code == 200
    assert house.text == DOCUMENT.replace("at_most: 12", "at_most: 5")


def test_a_broken_document_can_be_mended_here(
    house: PreferencesHouse, client: httpx.Client, page: str
) -> None:
    broken = DOCUMENT.replace("send:", "send: [")
    house.write(broken)
    sent = fields_of(client.get(page))
    assert sent["yaml"].replace("\r\n", "\n") == broken
    assert sent["entries.at_most"] == "12"
    assert client.post(page, data={**sent, "yaml": DOCUMENT, "do": "save"}).status_code == 200
    assert house.text == DOCUMENT


def test_a_person_without_a_document_gets_one_at_the_first_save(
    house: PreferencesHouse, client: httpx.Client, page: str
) -> None:
    house.path.unlink()
    sent = fields_of(client.get(page))
    assert sent["entries.at_most"] == "12"
    assert client.post(page, data={**sent, "send.at": "18:00", "do": "save"}).status_code == 200
    assert "18:00" in house.text


def test_the_frame_shows_the_letter_of_the_draft(
    house: PreferencesHouse, client: httpx.Client, page: str
) -> None:
    sent = {**fields_of(client.get(page)), "entries.at_most": "4"}
    answer = client.post(f"{page}/sample", data=sent)
    assert answer.status_code == 200
    assert house.shown[-1].at_most == 4
    assert "at most 4" in answer.text
    assert "about 12 entries" in answer.text
    assert "Monday, 30 November 2026" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "frame-ancestors 'self'" in policy
    wrong = client.post(f"{page}/sample", data={**sent, "entries.at_most": "x"})
    assert "There is a mistake" in wrong.text
    two = {**sent, "yaml": DOCUMENT.replace("12", "7")}
    assert "contradict" in client.post(f"{page}/sample", data=two).text
    assert client.get(f"/preferences/{EMPTY}/sample").status_code == 404


@pytest.mark.parametrize("path", ["", "/draft", "/sample", "/press", "/data", "/likes"])
def test_a_token_that_is_over_or_not_ours_gets_one_and_the_same_page(
    house: PreferencesHouse, client: httpx.Client, path: str
) -> None:
    undo = house.token(KeyPurpose.UNDO)
    tokens = (EMPTY, "a", "é", "a" * 5000, undo)
    known = client.get(f"/preferences/{EMPTY}").text
    assert "Get a new link" in known
    form = {"press": "leave", "all": "yes", "do": "save", "yaml": DOCUMENT}
    for token in tokens:
        address = f"/preferences/{token}{path}"
        answers = [client.post(address, data=form)] if path != "/data" else []
        answers += [client.get(address)] if path not in {"/draft", "/press"} else []
        assert [(one.status_code, one.text == known) for one in answers] == [
            (404, True) for _ in answers
        ]
    assert house.ada.state is SubscriptionState.CONFIRMED


def test_a_token_ends_after_its_time_and_with_the_subscription(house: PreferencesHouse) -> None:
    token, desk = house.token(), house.page()
    assert desk.draft(token.upper(), Sheet()) is not None
    key = house.ports.post.correspondence.find_key(hash_of(token), KeyPurpose.PREFERENCES)
    assert key
    assert key.ends_at - key.made_at == timedelta(days=90)
    assert desk.leave(token)
    assert desk.draft(token, Sheet()) is None
    assert desk.leave(token) is None


def test_who_leaves_here_is_told_the_way_back(
    house: PreferencesHouse, client: httpx.Client, page: str
) -> None:
    answer = client.post(f"{page}/press", data={"press": "leave"})
    assert "You are unsubscribed" in answer.text
    assert house.ada.state is SubscriptionState.UNSUBSCRIBED
    assert [one.statement for one in house.room.subscribers.consents(address_key(ADA))][-1] == (
        "Unsubscribed on the preferences page."
    )
    assert b"https://news.example.org/undo/" in posted(house)[-1].replace(b"=\n", b"")


def test_letters_pause_and_come_again(
    house: PreferencesHouse, client: httpx.Client, page: str
) -> None:
    paused = client.post(f"{page}/press", data={"press": "pause-14"})
    assert "No letters before: 2026-12-07" in paused.text
    assert "pause_until: 2026-12-07" in house.text
    assert "End the pause" in client.get(page).text
    assert client.post(f"{page}/press", data={"press": "resume"}).status_code == 200
    assert house.text == DOCUMENT
    for odd in ({"press": "pause-9999"}, {"a": "b"}, {"press": ""}):
        assert client.post(f"{page}/press", data=odd).status_code == 400


def posted(house: PreferencesHouse) -> list[bytes]:
    items = house.room.outbox.claim(now=house.room.clock.now(), limit=50)
    replies = [house.room.correspondence.reply(one.id) for one in items]
    return [one.message for one in replies if one]


def test_all_that_is_stored_is_handed_over_as_json(client: httpx.Client, page: str) -> None:
    answer = client.get(f"{page}/data")
    assert answer.headers["content-type"] == "application/json"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.json()["address"] == ADA
    assert answer.json()["document"]["text"] == DOCUMENT


def test_votes_are_shown_and_taken_back(
    house: PreferencesHouse, client: httpx.Client, page: str
) -> None:
    assert "There are none" in client.get(f"{page}/likes").text
    now = house.room.clock.now()
    for name, vote in (("one", 1), ("two", -1), ("three", 1)):
        house.room.votes.vote(house.ada.id, EntryId(name), vote, now=now)
    assert client.get(f"{page}/likes").text.count("Take back:") == 3
    left = client.post(f"{page}/likes", data={"entry": "two"})
    assert left.text.count("Take back:") == 2
    assert client.post(f"{page}/likes", data={"a": "b"}).status_code == 400
    assert "There are none" in client.post(f"{page}/likes", data={"all": "yes"}).text


def test_a_link_is_asked_for_and_everybody_gets_the_same_answer(
    house: PreferencesHouse, client: httpx.Client
) -> None:
    assert "Your address" in client.get("/preferences").text
    known = client.post("/preferences", data={"address": f" {ADA} "})
    unknown = client.post("/preferences", data={"address": "nobody@example.org"})
    assert known.status_code == unknown.status_code == 200
    assert known.text == unknown.text
    assert "If letters go to this address, a link is on its way" in known.text
    assert house.links_asked() == [ADA, "nobody@example.org"]


@pytest.mark.parametrize(
    "address", ["", "ada", "a@b@c", "x" * 4000, "ada@example.org\r\nBcc: x@y.z"]
)
def test_what_is_no_address_is_told_in_place(
    house: PreferencesHouse, client: httpx.Client, address: str
) -> None:
    answer = client.post("/preferences", data={"address": address})
    assert answer.status_code == 422
    assert 'aria-describedby="wrong-address"' in answer.text
    assert house.links_asked() == []


def test_one_address_is_kept_a_few_times_and_one_network_is_slowed_down(
    house: PreferencesHouse, client: httpx.Client
) -> None:
    answers = [client.post("/preferences", data={"address": ADA}) for _ in range(12)]
    assert len(house.links_asked()) == 3
    assert {one.text for one in answers if one.status_code == 200} == {answers[0].text}
    assert answers[-1].status_code == 429
    assert "retry-after" in answers[-1].headers


def test_many_wrong_tokens_bar_a_network(client: httpx.Client, page: str) -> None:
    for number in range(30):
        client.get(f"/preferences/{number}")
    assert client.get("/preferences/31").status_code == 429
    assert client.get(page).status_code == 429


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"yaml=" + b"a" * 300_000, "application/x-www-form-urlencoded", 413),
        (b"&".join(b"a%d=1" % one for one in range(900)), "application/x-www-form-urlencoded", 400),
        (b"do=save", "text/plain", 415),
        (b"\xff", "application/x-www-form-urlencoded", 400),
    ],
)
def test_a_body_that_is_no_such_form_changes_nothing(
    house: PreferencesHouse,
    client: httpx.Client,
    page: str,
    content: bytes,
    content_type: str,
    status: int,
) -> None:
    for path in ("", "/draft", "/sample", "/press", "/likes"):
        answer = client.post(
            f"{page}{path}", content=content, headers={"Content-Type": content_type}
        )
        assert answer.status_code in {status, 413}
    assert house.text == DOCUMENT


def test_a_document_of_the_greatest_size_passes(
    house: PreferencesHouse, client: httpx.Client, page: str
) -> None:
    note = "# \u00e9\u20ac\n" * 2400
    large = (DOCUMENT + note)[:9000]
    while len((large + "# \u20ac\n").encode()) <= 16_384:
        large += "# \u20ac\n"
    assert press(client, page, "save", yaml=large).status_code == 200
    assert house.text == large
    assert press(client, page, "save").status_code == 200
    too_large = press(client, page, "save", yaml=large + "# one more line\n")
    assert too_large.status_code == 422
    assert "at most 16,384" in too_large.text


def test_a_save_is_told_by_mail_once_an_hour(
    house: PreferencesHouse, client: httpx.Client, page: str
) -> None:
    for number in ("5", "6"):
        press(client, page, "save", entries__at_most=number)
    (mail,) = posted(house)
    text = mail.replace(b"=\n", b"").replace(b"=\r\n", b"")
    assert b"were changed" in text
    assert b"https://news.example.org/preferences/" in text


class _Broken:
    """Has every method, and none works."""

    def __init__(self, fail: Callable[..., NoReturn]) -> None:
        self._fail = fail

    def __getattr__(self, _: str) -> Any:
        return self._fail


def test_trouble_is_admitted_without_its_details(house: PreferencesHouse, serve: Serve) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        message = "database is locked at /secret/place"
        raise StorageError(message)

    office = replace(house.ports.post, correspondence=_Broken(fail))
    ports = replace(house.ports, post=office)
    kept = _Broken(fail)
    page = PreferencesPage(house.room, ports, enquiries=kept, sample=fail)
    client = serve(make_app(replace(house.site(), preferences=page)))
    for answer in (
        client.get(f"/preferences/{EMPTY}"),
        client.post(f"/preferences/{EMPTY}", data={"do": "save"}),
        client.get(f"/preferences/{EMPTY}/sample"),
        client.get(f"/preferences/{EMPTY}/data"),
        client.post("/preferences", data={"address": ADA}),
    ):
        assert answer.status_code == 503
        assert "secret" not in answer.text
