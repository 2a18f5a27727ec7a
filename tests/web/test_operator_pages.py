"""What the operator's pages show and do."""

from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import httpx
import pytest
from starlette.applications import Starlette

from newsletter.model import EmailAddress, OutboxState, SubscriberId
from newsletter.web import make_app
from newsletter.workflows import Action
from tests.web.operator_desk import ADA, NASTY, TOKEN, FakeDesk, an_overview, site_with

Serve = Callable[[Starlette], httpx.Client]
FORM = {"action": "retry", "subject": "4", "back": "/operator/deliveries?state=failed"}


class Tags(HTMLParser):
    """Remembers the tags of a page, each with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def client(desk: FakeDesk, serve: Serve) -> httpx.Client:
    client = serve(make_app(site_with(desk)))
    client.post("/operator/login", data={"token": TOKEN})
    return client


def form_token(client: httpx.Client) -> str:
    page = client.get("/operator/audit").text
    return page.split('name="form_token" value="')[1].split('"')[0]


def do(client: httpx.Client, **fields: str) -> httpx.Response:
    return client.post("/operator/do", data={"form_token": form_token(client), **FORM, **fields})


def test_first_comes_what_needs_a_person(client: httpx.Client) -> None:
    page = client.get("/operator").text
    assert page.index("Needs a person") < page.index("It adds up")
    assert "see <code>newsletter deliveries</code>" in page
    assert "/operator/deliveries?state=trouble" in page
    assert "42 s ago" in page
    assert "3 h" in page


def test_when_all_is_well_it_says_so(client: httpx.Client, desk: FakeDesk) -> None:
    desk.shown = replace(an_overview(), worries=(), oldest_waiting=None, lanes=(), sources=())
    page = client.get("/operator").text
    assert "Nothing needs a person" in page
    assert "Nothing waits." in page


def test_the_sum_is_shown_and_warns_when_it_does_not_add_up(
    client: httpx.Client, desk: FakeDesk
) -> None:
    page = client.get("/operator").text
    assert "It adds up" in page
    assert "10 more were erased" in page
    for broken in (an_overview(planned=1_201), an_overview(given=1_199)):
        desk.shown = broken
        page = client.get("/operator").text
        assert "does not add up" in page
        assert 'class="sum broken"' in page


def test_times_are_those_of_the_operators_zone_and_utc_beside(client: httpx.Client) -> None:
    page = client.get("/operator").text
    time = (
        '<time datetime="2026-11-21T19:49:18Z" title="2026-11-21 19:49:18 UTC">21 Nov 20:49</time>'
    )
    assert time in page
    assert "Europe/Paris" in page


def test_charts_are_drawings_with_words_and_a_table(client: httpx.Client) -> None:
    page = client.get("/operator").text
    tags = Tags(page).found
    charts = [given for tag, given in tags if tag == "svg" and given.get("role") == "img"]
    assert len(charts) == 3
    ids = {given.get("id") for _, given in tags}
    for chart in charts:
        assert set((chart["aria-labelledby"] or "").split()) <= ids
    assert page.count("As a table") == 3
    assert "others" in page, "of nine sources five are told apart"


def test_nothing_on_a_page_needs_a_style_or_a_script_of_its_own(client: httpx.Client) -> None:
    for path in (
        "/operator",
        "/operator/subscribers/a1",
        "/operator/deliveries",
        "/operator/audit",
    ):
        for tag, given in Tags(client.get(path).text).found:
            assert tag not in {"script", "style", "iframe"}
            assert not any(name.startswith("on") or name == "style" for name in given)


@pytest.mark.parametrize(
    "path",
    [
        "/operator",
        "/operator/subscribers/a1",
        "/operator/deliveries",
        "/operator/held/arxiv",
        "/operator/held/%3Cscript%3E",
    ],
)
def test_what_others_wrote_stays_text(client: httpx.Client, path: str) -> None:
    page = client.get(path).text
    assert NASTY not in page
    assert "&lt;script&gt;" in page


def test_the_page_loads_itself_anew_when_that_is_wanted(client: httpx.Client) -> None:
    assert 'http-equiv="refresh"' not in client.get("/operator").text
    assert '<meta http-equiv="refresh" content="60">' in client.get("/operator?refresh").text


def test_somebody_is_looked_up_by_the_whole_address_or_a_part(
    client: httpx.Client, desk: FakeDesk
) -> None:
    whole = client.get("/operator/subscribers", params={"q": "Ada@Example.org"})
    assert whole.headers["location"] == "/operator/subscribers/a1"
    part = client.get("/operator/subscribers", params={"q": "ada@"}).text
    assert ADA in part
    assert "at least three" in client.get("/operator/subscribers?q=a").text
    assert ("find", "a") not in desk.asked
    assert "Nobody is listed" in client.get("/operator/subscribers").text
    assert "Nobody has that" in client.get("/operator/subscribers?q=nobody").text


def test_at_most_fifty_people_are_shown(client: httpx.Client, desk: FakeDesk) -> None:
    desk.people = [
        replace(
            desk.people[0],
            id=SubscriberId(f"p{number}"),
            address=EmailAddress(f"r{number}-ada@e.org"),
        )
        for number in range(51)
    ]
    page = client.get("/operator/subscribers?q=ada").text
    assert page.count("ada@e.org") == 50
    assert "There are more" in page


def test_what_stands_against_an_address_is_told_also_of_a_stranger(client: httpx.Client) -> None:
    page = client.get("/operator/subscribers?q=eve@example.org").text
    assert "550 no" in page
    assert 'value="lift suppression"' in page


def test_a_person_is_shown_whole(client: httpx.Client) -> None:
    page = client.get("/operator/subscribers/a1?day=2026-11-20").text
    for part in (
        "Fri 20 Nov",
        "nothing new",
        "by mail",
        "<strong>12</strong>",
        "Send the confirmation again",
    ):
        assert part in page
    assert "That is no day" in client.get("/operator/subscribers/a1?day=yesterday").text
    for day in ("9999-12-31", "0001-01-01"):  # the last and the first there are
        assert "That is no day" in client.get(f"/operator/subscribers/a1?day={day}").text
    assert client.get("/operator/subscribers/nobody").status_code == 404


def test_what_cannot_be_printed_is_not_looked_for(desk: FakeDesk, client: httpx.Client) -> None:
    client.get("/operator/subscribers?q=%00%00%00@%00ex")
    assert ("find", "@ex") in desk.asked
    assert "at least three" in client.get("/operator/subscribers?q=%00%00%00@").text


def test_deliveries_are_asked_for_by_state_and_page(client: httpx.Client, desk: FakeDesk) -> None:
    client.get("/operator/deliveries?state=trouble")
    kind, states, _ = desk.asked[-1]
    assert kind == "messages"
    assert states == {OutboxState.DEFERRED, OutboxState.UNCERTAIN, OutboxState.FAILED}
    client.get("/operator/deliveries?state=nonsense")
    assert desk.asked[-1][1] == frozenset(OutboxState)
    desk.pages = desk.pages * 7
    page = client.get("/operator/deliveries?state=").text
    following = page.split('href="/operator/deliveries?state=&amp;before=')[1].split('"')[0]
    client.get(f"/operator/deliveries?before={following}")
    assert desk.asked[-1][2] is not None


@pytest.mark.parametrize(
    "query",
    [
        "before=1-1",
        "before=9999999999999999-1",
        "before=x",
        "before=-1-1",
        "before=1-999999999999999999999",
        "state=%00",
        "done=999999999",
        "done=x",
        "q=%00%ff",
        "day=0000-00-00",
        "day=9999-12-31",
        "day=" + "1" * 900,
        "format=xml",
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        "/operator",
        "/operator/deliveries",
        "/operator/subscribers",
        "/operator/subscribers/a1",
        "/operator/audit",
    ],
)
def test_no_query_breaks_a_page(client: httpx.Client, path: str, query: str) -> None:
    assert client.get(f"{path}?{query}").status_code in {200, 303}


def test_a_deed_is_done_and_its_outcome_told(client: httpx.Client, desk: FakeDesk) -> None:
    answer = do(client)
    assert answer.status_code == 303
    (order,) = desk.orders
    assert (order.action, order.subject) == (Action.RETRY, "4")
    assert order.actor.startswith("session ")
    assert answer.headers["location"] == "/operator/deliveries?state=failed&done=2"
    page = client.get(answer.headers["location"]).text
    assert "Retry</strong> · ada@example.org: it is done" in page
    assert "ada@example.org" in client.get("/operator/audit").text


@pytest.mark.parametrize(
    "action",
    [
        one
        for one in Action
        if one
        not in {Action.RETRY, Action.UNSUPPRESS, Action.ASK_AGAIN, Action.PULL, Action.TRY_LANE}
    ],
)
def test_before_what_cannot_be_undone_there_is_a_question(
    client: httpx.Client, desk: FakeDesk, action: Action
) -> None:
    asked = do(client, action=action, subject="x")
    assert asked.status_code == 200
    assert 'name="sure"' in asked.text
    assert desk.orders == []
    assert do(client, action=action, subject="x", sure="yes").status_code == 303
    assert desk.orders[0].action is action


@pytest.mark.parametrize(
    "fields",
    [
        {"form_token": ""},
        {"form_token": "0" * 64},
        {"form_token": "ä"},
        {"action": "erase everything"},
        {"action": ""},
        {"subject": "a" * 301},
        {"subject": "a\nb"},
    ],
)
def test_a_form_that_is_not_ours_does_nothing(
    client: httpx.Client, desk: FakeDesk, fields: dict[str, str]
) -> None:
    answer = do(client, **fields)
    assert answer.status_code in {400, 403}
    assert "Nothing was done" in answer.text
    assert desk.orders == []


def test_a_form_of_another_session_or_site_does_nothing(
    client: httpx.Client, desk: FakeDesk, serve: Serve
) -> None:
    other = serve(make_app(site_with(desk)))
    other.post("/operator/login", data={"token": TOKEN})
    data = {"form_token": form_token(client), **FORM}
    assert other.post("/operator/do", data=data).status_code == 403
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/operator/do", data=data, headers=headers).status_code == 403
    assert client.post("/operator/do", content=b"x" * 20_000).status_code == 413
    assert desk.orders == []
    assert client.post("/operator/logout", data={"form_token": "x"}).status_code == 403
    assert client.get("/operator").status_code == 200


def test_nobody_does_anything_without_a_session(desk: FakeDesk, serve: Serve) -> None:
    app = make_app(site_with(desk))
    client = serve(app)
    client.post("/operator/login", data={"token": TOKEN})
    data = {"form_token": form_token(client), **FORM}
    client.cookies.clear()
    assert client.post("/operator/do", data=data).headers["location"] == "/operator/login"
    assert desk.orders == []


def test_an_operator_by_header_has_forms_of_their_own(desk: FakeDesk, serve: Serve) -> None:
    app = make_app(site_with(desk, token=None, header="Remote-User", proxies=["127.0.0.1"]))
    client = serve(app)
    page = client.get("/operator", headers={"Remote-User": "ada"}).text
    token = page.split('name="form_token" value="')[1].split('"')[0]
    data = {**FORM, "form_token": token}
    assert client.post("/operator/do", data=data, headers={"Remote-User": "eve"}).status_code == 403
    assert client.post("/operator/do", data=data, headers={"Remote-User": "ada"}).status_code == 303
    assert desk.orders[0].actor == "ada"


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example",
        "//evil.example",
        "/operator//evil",
        "/operator@evil",
        "/operatorx",
        "javascript:x",
        "/operator?a=b\r\nc",
    ],
)
def test_the_way_back_leads_nowhere_else(client: httpx.Client, back: str) -> None:
    answer = do(client, back=back)
    place = answer.headers["location"]
    assert place.startswith(("/operator?done=", "/operator//evil?done="))


def test_sources_are_pulled_only_where_they_can_be(client: httpx.Client, desk: FakeDesk) -> None:
    assert "Pull now" in client.get("/operator").text
    desk.can_pull = False
    assert "Pull now" not in client.get("/operator").text


def test_trouble_while_doing_is_admitted(client: httpx.Client, desk: FakeDesk) -> None:
    token = form_token(client)
    desk.is_broken = True
    answer = client.post("/operator/do", data={"form_token": token, **FORM})
    assert answer.status_code == 503
    assert "secret" not in answer.text
