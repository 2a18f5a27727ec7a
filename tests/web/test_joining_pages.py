"""The pages for new readers: what they show, what they keep, and what they never tell."""

from collections.abc import Callable

import httpx
import pytest
from starlette.applications import Starlette

from newsletter.bootstrap import BEING_PREPARED
from newsletter.errors import StorageError
from newsletter.model import SampleLetter
from newsletter.web import Health, Site, make_app
from newsletter.web.samples import SAMPLE_POLICY
from tests.web.joining_desk import FakeJoiningDesk

Serve = Callable[[Starlette], httpx.Client]

GOOD = {"form": "1", "email": "ada@example.org", "topic.vision": "on", "send.at": "07:30"}


@pytest.fixture
def desk() -> FakeJoiningDesk:
    return FakeJoiningDesk()


@pytest.fixture
def client(desk: FakeJoiningDesk, serve: Serve) -> httpx.Client:
    return serve(make_app(Site(name="Shore", health=lambda: Health(is_well=True), joining=desk)))


def test_the_home_page_says_what_it_is_and_shows_a_letter(
    desk: FakeJoiningDesk, client: httpx.Client
) -> None:
    desk.counts = {"vision": 12}
    page = client.get("/").text
    assert '<a class="button" href="/subscribe">' in page
    assert page.index("Computer vision") < page.index("Robotics")
    assert 'src="/subscribe/letter"' in page


def test_the_form_shows_topics_with_their_words_and_what_they_brought(
    desk: FakeJoiningDesk, client: httpx.Client
) -> None:
    desk.counts = {"vision": 12}
    page = client.get("/subscribe")
    assert page.status_code == 200
    assert "12 this week" in page.text
    assert "robot…, &lt;arms&gt;" in page.text
    assert 'value="Europe/Paris"' in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe-inline" not in page.headers["content-security-policy"]
    assert desk.kept == []


def test_the_form_is_there_while_the_counts_cannot_be_read(
    desk: FakeJoiningDesk, client: httpx.Client
) -> None:
    desk.error = StorageError("locked")
    assert client.get("/subscribe").status_code == 200
    assert client.get("/").status_code == 200


def test_a_wish_is_kept_with_the_network_that_it_came_from(
    desk: FakeJoiningDesk, client: httpx.Client
) -> None:
    answer = client.post("/subscribe", data=GOOD)
    assert answer.status_code == 200
    assert "Look into your mailbox" in answer.text
    ((wish, network),) = desk.kept
    assert network == "127.0.0.1/32"
    assert list(wish.form.topics.chosen) == ["vision"]
    assert wish.form.words["send.at"] == "07:30"


def test_the_answer_says_nothing_of_the_address(client: httpx.Client) -> None:
    one = client.post("/subscribe", data=GOOD)
    other = client.post("/subscribe", data={**GOOD, "email": "bob@example.org"})
    assert one.content == other.content
    assert "ada@" not in one.text


def test_every_mistake_stands_at_its_field_and_what_was_written_stays(
    desk: FakeJoiningDesk, client: httpx.Client
) -> None:
    wrong = {**GOOD, "email": "no <address>", "send.at": "25:00"}
    answer = client.post("/subscribe", data=wrong)
    assert answer.status_code == 422
    for name in ("email", "send.at"):
        assert f'id="wrong-{name}" role="alert"' in answer.text
        assert f'aria-invalid="true" aria-describedby="wrong-{name}"' in answer.text
    assert 'value="no &lt;address&gt;"' in answer.text
    assert 'name="topic.vision" value="on" checked' in answer.text
    assert desk.kept == []


@pytest.mark.parametrize("fields", [{}, {"email": ""}])
def test_no_address_is_a_mistake(
    desk: FakeJoiningDesk, client: httpx.Client, fields: dict[str, str]
) -> None:
    assert client.post("/subscribe", data={"x": "y", **fields}).status_code == 422
    assert desk.kept == []


def test_what_fills_in_everything_gets_the_same_answer_and_nothing_is_kept(
    desk: FakeJoiningDesk, client: httpx.Client
) -> None:
    person = client.post("/subscribe", data=GOOD)
    program = client.post("/subscribe", data={**GOOD, "website": "https://spam.example"})
    assert program.content == person.content
    assert len(desk.kept) == 1


def test_the_trap_is_hidden_from_people_who_hear_the_page(client: httpx.Client) -> None:
    page = client.get("/subscribe").text
    assert '<p class="trap" aria-hidden="true">' in page
    assert 'name="website" tabindex="-1"' in page


def test_one_network_may_not_ask_for_ever(desk: FakeJoiningDesk, client: httpx.Client) -> None:
    codes = [client.post("/subscribe", data=GOOD).status_code for _ in range(12)]
    assert codes[:10] == [200] * 10
    assert codes[10:] == [429] * 2
    assert len(desk.kept) == 10


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"a=" + b"x" * 70_000, "application/x-www-form-urlencoded", 413),
        (b"{}", "application/json", 415),
        (b"\xff=\xfe", "application/x-www-form-urlencoded", 400),
        (b"&".join([b"a=b"] * 500), "application/x-www-form-urlencoded", 400),
        (b"email=%00%0d%0aBcc:x&form=1", "application/x-www-form-urlencoded", 422),
    ],
)
def test_no_body_is_too_strange(
    desk: FakeJoiningDesk, client: httpx.Client, content: bytes, kind: str, status: int
) -> None:
    answer = client.post("/subscribe", content=content, headers={"content-type": kind})
    assert answer.status_code == status
    letter = client.post("/subscribe/letter", content=content, headers={"content-type": kind})
    assert letter.status_code in {200, status}
    assert desk.kept == []


def test_trouble_while_keeping_is_admitted(desk: FakeJoiningDesk, client: httpx.Client) -> None:
    desk.error = StorageError("locked at /secret/place")
    answer = client.post("/subscribe", data=GOOD)
    assert answer.status_code == 503
    assert "retry-after" in answer.headers
    assert "secret" not in answer.text


def test_a_letter_is_shown_in_a_frame_of_this_site_alone(
    desk: FakeJoiningDesk, client: httpx.Client
) -> None:
    for answer in (client.get("/subscribe/letter"), client.post("/subscribe/letter", data=GOOD)):
        assert answer.status_code == 200
        assert "Robots" in answer.text
        assert answer.headers["content-security-policy"] == SAMPLE_POLICY
    assert "frame-ancestors 'self'" in SAMPLE_POLICY
    assert "script-src" not in SAMPLE_POLICY
    assert len(desk.sampled) == 2
    assert desk.kept == []


def test_a_letter_needs_no_address(desk: FakeJoiningDesk, client: httpx.Client) -> None:
    answer = client.post("/subscribe/letter", data={**GOOD, "email": "not yet"})
    assert answer.status_code == 200
    assert len(desk.sampled) == 1


def test_a_form_that_makes_no_letter_says_why(client: httpx.Client) -> None:
    answer = client.post("/subscribe/letter", data={**GOOD, "email": "", "send.at": "25:00"})
    assert answer.status_code == 422
    assert "There is no such time." in answer.text
    assert "There is no @" not in answer.text


def test_a_letter_that_is_being_put_together_is_marked_for_the_script(
    desk: FakeJoiningDesk, client: httpx.Client
) -> None:
    desk.letter = SampleLetter(None, silence=BEING_PREPARED)
    page = client.get("/subscribe/letter").text
    assert "<body data-early>" in page
    assert BEING_PREPARED in page


def test_a_silence_is_told_as_it_is(desk: FakeJoiningDesk, client: httpx.Client) -> None:
    desk.letter = SampleLetter(None, silence="Nothing & <nobody>.")
    page = client.get("/subscribe/letter").text
    assert "<body>" in page
    assert "Nothing &amp; &lt;nobody&gt;." in page


def test_a_letter_of_text_alone_is_shown_as_it_is(
    desk: FakeJoiningDesk, client: httpx.Client
) -> None:
    desk.letter = SampleLetter(None, "x", "", "1. <Robots>\n")
    assert "<pre>1. &lt;Robots&gt;\n</pre>" in client.get("/subscribe/letter").text


def test_trouble_with_a_letter_stays_in_its_frame(
    desk: FakeJoiningDesk, client: httpx.Client
) -> None:
    desk.error = StorageError("/secret/place")
    answer = client.get("/subscribe/letter")
    assert answer.status_code == 503
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert "secret" not in answer.text


def test_letters_are_limited(client: httpx.Client) -> None:
    answers = [client.get("/subscribe/letter") for _ in range(42)]
    assert {one.status_code for one in answers[:40]} == {200}
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_topics_of_ones_own_count_for_as_many_letters(client: httpx.Client) -> None:
    many = {f"own.{number}.about": f"number {number}" for number in range(39)}
    assert client.post("/subscribe/letter", data={**GOOD, **many}).status_code == 200
    assert client.post("/subscribe/letter", data={**GOOD, **many}).status_code == 429


def test_looking_at_the_question_shows_what_would_come_and_changes_nothing(
    desk: FakeJoiningDesk, client: httpx.Client
) -> None:
    page = client.get("/confirm/good")
    assert "Robots &amp; &lt;care&gt;" in page.text
    assert "every day at 08:00 (Europe/Paris)" in page.text
    assert 'src="/confirm/good/letter"' in page.text
    assert client.get("/confirm/good/letter").status_code == 200
    client.head("/confirm/good")
    assert client.options("/confirm/good").status_code == 405
    assert desk.confirmed == []


@pytest.mark.parametrize("token", ["bad", "x" * 500])
def test_an_unknown_token_shows_the_button_alone(
    desk: FakeJoiningDesk, client: httpx.Client, token: str
) -> None:
    page = client.get(f"/confirm/{token}")
    assert page.status_code == 200
    assert "Yes, write to me" in page.text
    assert "<iframe" not in page.text
    assert "This question is closed." in client.get(f"/confirm/{token}/letter").text
    pressed = client.post(f"/confirm/{token}", data={"Confirm": "Yes"})
    assert pressed.status_code == 404
    assert "x" * 500 not in desk.confirmed


def test_the_button_confirms_and_the_welcome_says_what_was_set(
    desk: FakeJoiningDesk, client: httpx.Client
) -> None:
    assert client.post("/confirm/good", data={"Confirm": "No"}).status_code == 400
    assert client.post("/confirm/good", json={}).status_code == 415
    assert desk.confirmed == []
    page = client.post("/confirm/good", data={"Confirm": "Yes"})
    assert page.status_code == 200
    assert "Monday, 23 November 2026 at 08:00" in page.text
    assert desk.confirmed == ["good"]


def test_trouble_while_confirming_is_admitted(desk: FakeJoiningDesk, client: httpx.Client) -> None:
    desk.error = StorageError("locked")
    assert client.get("/confirm/good").status_code == 503
    assert client.post("/confirm/good", data={"Confirm": "Yes"}).status_code == 503
