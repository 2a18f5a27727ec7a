"""The polite client, one request at a time: what it says, what it keeps, what it follows."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from newsletter.errors import FetchError
from newsletter.model import Ask, Manners, Page, Validators
from tests.sources.raw_server import AGENT, RawServer, Surf, answer, raw_server


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


@pytest.fixture
def surf() -> Surf:
    return Surf()


def test_a_request_says_who_asks_and_what_for(server: RawServer, surf: Surf) -> None:
    url = server.put("/feed?x=1", answer(b"hello"))
    page = surf.fetch(Ask(url, accept="application/atom+xml", headers=(("x-api-key", "k3y"),)))
    assert (page.url, page.status, page.body, page.moved_to) == (url, 200, b"hello", None)
    assert server.heads[0].startswith("GET /feed?x=1 HTTP/1.1\r\n")
    assert server.fields() == {
        "host": f"127.0.0.1:{server.port}",
        "user-agent": AGENT,
        "accept": "application/atom+xml",
        "accept-encoding": "gzip, deflate",
        "connection": "keep-alive",
        "x-api-key": "k3y",
    }


def test_own_headers_do_not_replace_ours(server: RawServer, surf: Surf) -> None:
    url = server.put("/", answer())
    surf.fetch(Ask(url, headers=(("Host", "evil.example"), ("USER-AGENT", "browser"))))
    assert server.fields()["host"] == f"127.0.0.1:{server.port}"
    assert server.fields()["user-agent"] == AGENT


def test_a_post_sends_its_body(server: RawServer, surf: Surf) -> None:
    url = server.put("/batch", answer(b"[]"))
    surf.fetch(Ask(url, body=b'{"ids":[]}', validators=Validators("e")))
    assert server.heads[0].startswith("POST /batch ")
    assert server.bodies == [b'{"ids":[]}']
    assert server.fields()["content-type"] == "application/json"
    assert "if-none-match" not in server.fields()


@pytest.mark.parametrize("etag", ['"quoted"', 'W/"weak"', "bare", 'od"d\xe9\x85\xa0x, y', "a\x01b"])
def test_validators_come_back_byte_for_byte(server: RawServer, surf: Surf, etag: str) -> None:
    modified = "Thu, 19 Nov 2026 5:00:00 GMT (about)"
    fields = {"ETag": etag, "Last_Modified": modified}
    url = server.put("/", answer(b"x", **fields), answer(b"", "304 Not Modified", **fields))
    first = surf.fetch(url)
    assert first.validators == Validators(etag, modified)
    second = surf.fetch(Ask(url, validators=first.validators))
    assert server.fields()["if-none-match"] == etag
    assert server.fields()["if-modified-since"] == modified
    assert second.is_unchanged
    assert (second.body, second.validators) == (b"", first.validators)
    assert surf.told()[-1] == f"GET {url}: 304 not modified"


def test_a_304_may_speak_of_a_body_that_does_not_come(server: RawServer, surf: Surf) -> None:
    silent = answer(status="304 Not Modified", Content_Length="99999999", Content_Encoding="br")
    url = server.put("/", silent)
    with surf.visit() as visit:
        assert visit.fetch(Ask(url, validators=Validators("e"))).is_unchanged
        assert visit.fetch(Ask(url, validators=Validators("e"))).is_unchanged
    assert server.connections == 1


def test_not_modified_is_no_answer_to_who_knows_nothing(server: RawServer, surf: Surf) -> None:
    url = server.put("/", answer(status="304 Not Modified"))
    with pytest.raises(FetchError, match="answers 304"):
        surf.fetch(url)


@pytest.mark.parametrize("spoiled", ["a\r\nX-Evil: 1", "snow\N{SNOWMAN}", "nul\0", " padded "])
def test_a_validator_that_cannot_be_sent_is_left_out(
    server: RawServer, surf: Surf, spoiled: str
) -> None:
    url = server.put("/", answer(b"x"))
    surf.fetch(Ask(url, validators=Validators(spoiled)))
    assert "if-none-match" not in server.fields()
    assert "x-evil" not in server.fields()


@pytest.mark.parametrize("key", ["s3cret\r\nX-Evil: 1", "s3cret\N{SNOWMAN}"])
def test_a_header_that_cannot_be_sent_is_not_repeated_in_the_message(
    server: RawServer, surf: Surf, key: str
) -> None:
    with pytest.raises(FetchError, match="a header of the request") as caught:
        surf.fetch(Ask(server.url("/"), headers=(("Authorization", key),)))
    assert "s3cret" not in str(caught.value)
    assert server.heads == []


def test_a_status_that_was_not_expected_is_an_error(server: RawServer, surf: Surf) -> None:
    url = server.put("/", answer(b"who are you", "403 Forbidden"))
    with pytest.raises(FetchError, match=f"{url}: the server answers 403") as caught:
        surf.fetch(url)
    assert caught.value.status == 403


def test_an_expected_status_is_a_page(server: RawServer, surf: Surf) -> None:
    url = server.put("/", answer(b"bad date", "400 Bad Request"))
    page = surf.fetch(Ask(url, expected=frozenset({400})))
    assert (page.status, page.body) == (400, b"bad date")


def test_one_connection_serves_a_visit_and_ends_with_it(server: RawServer, surf: Surf) -> None:
    url = server.put("/", answer(b"x"))
    with surf.visit() as visit:
        for _ in range(3):
            visit.fetch(Ask(url))
    assert (server.connections, len(server.heads)) == (1, 3)
    surf.fetch(url)
    assert server.connections == 2


def test_a_slow_service_gets_one_connection_for_each_request(server: RawServer, surf: Surf) -> None:
    url = server.put("/", answer(b"x"))
    manners = Manners("arxiv", interval=timedelta(seconds=3))
    with surf.visit(manners) as visit:
        visit.fetch(Ask(url))
        visit.fetch(Ask(url))
    assert (server.connections, server.fields()["connection"]) == (2, "close")


def test_a_connection_that_ended_at_rest_is_opened_again(server: RawServer, surf: Surf) -> None:
    url = server.put("/", answer(b"x"), lambda _: None, answer(b"y"))
    with surf.visit() as visit:
        assert [visit.fetch(Ask(url)).body for _ in range(2)] == [b"x", b"y"]
    assert server.connections == 2


def test_what_may_have_been_done_already_is_not_asked_twice(server: RawServer, surf: Surf) -> None:
    url = server.put("/", answer(b"x"), lambda _: None, answer(b"y"))
    with surf.visit() as visit:
        visit.fetch(Ask(url))
        with pytest.raises(FetchError, match="disconnected"):
            visit.fetch(Ask(url, body=b"order"))


def test_what_follows_a_length_that_was_too_short_spoils_no_other_page(
    server: RawServer, surf: Surf
) -> None:
    url = server.put("/", answer(b"x") + b" and more", answer(b"y"))
    with surf.visit() as visit:
        assert [visit.fetch(Ask(url)).body for _ in range(2)] == [b"x", b"y"]


def test_redirects_are_followed_and_told(server: RawServer, surf: Surf) -> None:
    end = server.put("/new", answer(b"here"))
    url = server.put("/old", answer(status="301 Moved Permanently", Location="/new"))
    assert surf.fetch(url) == Page(end, 200, (("content-length", "4"),), b"here", moved_to=end)
    assert surf.told() == [
        f"GET {url}: 301 to '/new'",
        "waited for the pace of pace",
        f"GET {end}: 200, 4 bytes",
    ]


def test_a_temporary_redirect_moves_nothing(server: RawServer, surf: Surf) -> None:
    server.put("/new", answer(b"here"))
    server.put("/mid", answer(status="302 Found", Location="/new"))
    url = server.put("/old", answer(status="301 Moved Permanently", Location="/mid"))
    page = surf.fetch(url)
    assert (page.url, page.moved_to) == (server.url("/new"), None)


def test_validators_go_with_a_redirect(server: RawServer, surf: Surf) -> None:
    server.put("/new", answer(status="304 Not Modified"))
    url = server.put("/old", answer(status="302 Found", Location="/new"))
    assert surf.fetch(Ask(url, validators=Validators("e"))).is_unchanged
    assert server.fields()["if-none-match"] == "e"


def test_a_post_that_is_sent_elsewhere_becomes_a_get(server: RawServer, surf: Surf) -> None:
    server.put("/end", answer(b"done"))
    url = server.put("/form", answer(status="303 See Other", Location="/end"))
    surf.fetch(Ask(url, body=b"secret"))
    assert server.heads[1].startswith("GET /end")
    assert server.bodies == [b"secret", b""]


def test_a_redirect_loop_ends(server: RawServer, surf: Surf) -> None:
    server.put("/b", answer(status="301 Moved Permanently", Location="/a"))
    url = server.put("/a", answer(status="301 Moved Permanently", Location="/b"))
    with pytest.raises(FetchError, match="in a circle"):
        surf.fetch(url)
    assert server.paths() == ["/a", "/b"]


def test_a_sixth_redirect_is_not_followed(server: RawServer, surf: Surf) -> None:
    for number in range(9):
        server.put(f"/{number}", answer(status="307 Temporary", Location=f"/{number + 1}"))
    with pytest.raises(FetchError, match="more than 5 times"):
        surf.fetch(server.url("/0"))
    assert len(server.heads) == 6


def test_a_key_goes_to_no_other_server(server: RawServer, surf: Surf) -> None:
    with raw_server() as other:
        away = other.put("/x", answer(status="302 Found", Location=server.url("/back")))
        url = server.put("/", answer(status="302 Found", Location=away))
        server.put("/back", answer(b"ok"))
        ask = Ask(url, headers=(("Authorization", "Bearer hf"), ("x-api-key", "k")))
        assert surf.fetch(ask).body == b"ok"
        assert "authorization" in server.fields(0)
        for fields in (other.fields(), server.fields(1)):
            assert not {"authorization", "x-api-key"} & set(fields)
            assert fields["user-agent"] == AGENT


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [(1, "1 bytes"), (999, "999 bytes"), (1_000, "1 kB"), (23_400, "23 kB"), (1_440_000, "1.4 MB")],
)
def test_sizes_are_told_as_people_read_them(
    server: RawServer, surf: Surf, size_bytes: int, text: str
) -> None:
    url = server.put("/", answer(b"x" * size_bytes))
    surf.fetch(url)
    assert surf.told() == [f"GET {url}: 200, {text}"]
