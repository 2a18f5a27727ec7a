"""The pages behind the unsubscribe link: what a look shows, what a press does, what nobody learns."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from starlette.applications import Starlette

from newsletter.model import Command, CommandName
from newsletter.web import Health, Site, make_app
from newsletter.workflows import LessChoices
from tests.web.leaving_desk import UNDO, FakeLeavingDesk

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
GOOD, BAD = "/unsubscribe/good", "/unsubscribe/bad"

Serve = Callable[[Starlette], httpx.Client]


@pytest.fixture
def desk() -> FakeLeavingDesk:
    return FakeLeavingDesk()


@pytest.fixture
def client(desk: FakeLeavingDesk, serve: Serve) -> httpx.Client:
    return serve(make_app(Site(name="Shore", health=lambda: Health(is_well=True), leaving=desk)))


@pytest.mark.parametrize("page", ["unsubscribe", "undo"])
def test_looking_shows_the_same_for_every_token_and_changes_nothing(
    desk: FakeLeavingDesk, client: httpx.Client, page: str
) -> None:
    known, unknown = client.get(f"/{page}/good"), client.get(f"/{page}/bad")
    assert known.status_code == unknown.status_code == 200
    assert known.text == unknown.text
    assert client.head(f"/{page}/good").status_code == 200
    assert client.options(f"/{page}/good").status_code == 405
    assert (
        client.get(f"/{page}/good?List-Unsubscribe=One-Click&less=weekly&Undo=Yes").text
        == known.text
    )
    assert desk.is_untouched


def test_the_page_offers_to_leave_and_what_is_less(client: httpx.Client) -> None:
    page = client.get(GOOD).text
    assert '<button name="List-Unsubscribe" value="One-Click">' in page
    for week in (1, 2, 4):
        assert f'<button name="weeks" value="{week}"' in page
    assert 'name="until"' in page
    assert "Robots" not in page


@pytest.mark.parametrize("kind", ["urlencoded", "multipart"])
def test_one_click_unsubscribes_each_time(
    desk: FakeLeavingDesk, client: httpx.Client, kind: str
) -> None:
    for _ in range(2):
        if kind == "urlencoded":
            answer = client.post(GOOD, data=ONE_CLICK)
        else:
            answer = client.post(GOOD, files={name: (None, one) for name, one in ONE_CLICK.items()})
        assert answer.status_code == 200
        assert "You are unsubscribed" in answer.text
        assert "set-cookie" not in answer.headers
    assert desk.left == ["good", "good"]


def test_one_click_counts_whatever_else_stands_in_the_form(
    desk: FakeLeavingDesk, client: httpx.Client
) -> None:
    client.post(GOOD, data={**ONE_CLICK, "less": "weekly"})
    assert desk.left == ["good"]
    assert desk.wishes == []


def test_an_unknown_token_is_told_another_way_out(client: httpx.Client) -> None:
    for form in (ONE_CLICK, {"less": "show"}, {"less": "weekly"}):
        answer = client.post(BAD, data=form)
        assert answer.status_code == 404
        assert "answer any of our letters" in answer.text


def test_who_tries_many_tokens_must_wait_and_good_ones_never_do(
    desk: FakeLeavingDesk, client: httpx.Client
) -> None:
    statuses = [client.post(BAD, data={"less": "show"}).status_code for _ in range(40)]
    assert statuses[:30] == [404] * 30
    last = client.post(BAD, data=ONE_CLICK)
    assert (last.status_code, statuses[-1]) == (429, 429)
    assert int(last.headers["retry-after"]) > 0
    assert client.post("/undo/bad", data={"Undo": "Yes"}).status_code == 429
    assert client.post(GOOD, data=ONE_CLICK).status_code == 200
    assert desk.left == ["good"]


def test_many_who_press_at_once_are_handled_together(
    desk: FakeLeavingDesk, client: httpx.Client
) -> None:
    desk.may_go_on.clear()
    with ThreadPoolExecutor(40) as people:
        pressed = [
            people.submit(client.post, f"{GOOD}{number}", data=ONE_CLICK) for number in range(40)
        ]
        pressed.append(people.submit(client.post, BAD, data=ONE_CLICK))
        desk.may_go_on.set()
        answers = [one.result() for one in pressed]
    assert [one.status_code for one in answers] == [200] * 40 + [404]
    assert sorted(desk.left) == sorted(f"good{number}" for number in range(40))
    assert len(desk.batches) < 41


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"List-Unsubscribe=Two-Clicks", "application/x-www-form-urlencoded", 400),
        (b"", "application/x-www-form-urlencoded", 400),
        (b"less=pause&until=2027-02-30", "application/x-www-form-urlencoded", 400),
        (b"less=pause&weeks=3", "application/x-www-form-urlencoded", 400),
        (b"less=topic&topic=", "application/x-www-form-urlencoded", 400),
        (b"less=topic&topic=" + b"a" * 300, "application/x-www-form-urlencoded", 400),
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
    desk: FakeLeavingDesk, client: httpx.Client, content: bytes, content_type: str, status: int
) -> None:
    headers = {"Content-Type": content_type}
    known = client.post(GOOD, content=content, headers=headers)
    assert known.status_code == status
    assert "Leave this newsletter?" in known.text
    assert client.post(BAD, content=content, headers=headers).text == known.text
    assert client.post(f"/undo/{UNDO}", content=content, headers=headers).status_code == status
    assert desk.is_untouched


def test_a_token_of_any_length_is_not_passed_on(
    desk: FakeLeavingDesk, client: httpx.Client
) -> None:
    assert client.post("/unsubscribe/" + "a" * 5000, data=ONE_CLICK).status_code == 404
    assert client.post("/undo/" + "a" * 5000, data={"Undo": "Yes"}).status_code == 404
    assert desk.is_untouched


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (GOOD, ONE_CLICK),
        (GOOD, {"less": "show"}),
        (GOOD, {"less": "weekly"}),
        (f"/undo/{UNDO}", {"Undo": "Yes"}),
    ],
)
def test_trouble_is_admitted_without_its_details(
    desk: FakeLeavingDesk, client: httpx.Client, path: str, form: dict[str, str]
) -> None:
    desk.is_broken = True
    answer = client.post(path, data=form)
    assert answer.status_code == 503
    assert "retry-after" in answer.headers
    assert "secret" not in answer.text
    desk.is_broken = False
    assert client.post(path, data=form).status_code == 200


def test_the_choices_name_the_topics_of_the_letter(client: httpx.Client) -> None:
    page = client.post(GOOD, data={"less": "show"}).text
    assert "Robots &amp; &lt;friends&gt;" in page
    assert '<button name="topic" value="robots"' in page
    assert '<button name="less" value="weekly"' in page


def test_what_is_not_less_is_not_offered(desk: FakeLeavingDesk, client: httpx.Client) -> None:
    desk.offered = LessChoices()
    page = client.post(GOOD, data={"less": "show"}).text
    assert 'name="topic"' not in page
    assert 'value="weekly"' not in page
    desk.offered = LessChoices(are_over=True)
    assert "No letters go to you" in client.post(GOOD, data={"less": "show"}).text


@pytest.mark.parametrize(
    ("form", "name", "arguments"),
    [
        ({"less": "pause", "weeks": "1"}, CommandName.PAUSE, ("days", "7")),
        ({"less": "pause", "weeks": "4"}, CommandName.PAUSE, ("days", "28")),
        ({"less": "pause", "until": "2027-01-04"}, CommandName.PAUSE, ("until", "2027-01-04")),
        ({"less": "topic", "topic": "robots"}, CommandName.DELETE, ("robots",)),
        ({"less": "weekly"}, CommandName.CADENCE, ("every", "week")),
    ],
)
def test_a_press_is_one_command_and_can_be_taken_back(
    desk: FakeLeavingDesk,
    client: httpx.Client,
    form: dict[str, str],
    name: CommandName,
    arguments: tuple[str, ...],
) -> None:
    page = client.post(GOOD, data=form)
    assert page.status_code == 200
    assert desk.wishes == [Command(name, arguments)]
    assert "Your letters &lt;pause&gt;." in page.text
    assert 'action="../undo/ticket"' in page.text
    back = client.post("/undo/ticket", data={"Undo": "Yes"})
    assert (back.status_code, "All is as it was" in back.text) == (200, True)


def test_what_cannot_be_done_is_said_where_it_was_chosen(
    desk: FakeLeavingDesk, client: httpx.Client
) -> None:
    desk.refusal = "2026-01-01 is no day ahead"
    page = client.post(GOOD, data={"less": "pause", "until": "2026-01-01"})
    assert page.status_code == 409
    assert '<p class="refusal" role="alert">2026-01-01 is no day ahead</p>' in page.text


def test_one_letter_changes_preferences_only_so_often(client: httpx.Client) -> None:
    statuses = [client.post(GOOD, data={"less": "weekly"}).status_code for _ in range(13)]
    assert statuses == [200] * 12 + [429]
    assert client.post(f"{GOOD}2", data={"less": "weekly"}).status_code == 200


def test_who_left_takes_it_back_on_the_page(desk: FakeLeavingDesk, client: httpx.Client) -> None:
    gone = client.post(GOOD, data=ONE_CLICK).text
    assert f'action="../undo/{UNDO}"' in gone
    back = client.post(f"/undo/{UNDO}", data={"Undo": "Yes"})
    assert "Your letters come again" in back.text
    closed = client.post("/undo/other", data={"Undo": "Yes"})
    assert (closed.status_code, "closed" in closed.text) == (404, True)
    assert desk.undone == [UNDO, "other"]
