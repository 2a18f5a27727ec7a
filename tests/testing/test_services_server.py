"""The server itself: its log, its clock, the faults that any service can have, and its end."""

import gzip
import http.client
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from newsletter.testing import FakeClock
from newsletter.testing.services import Fault, Service, Services, make_world
from tests.testing.asking import ask
from tests.testing.conftest import WEDNESDAY

FEED = "arxiv/rss/cs.RO"


@contextmanager
def connected(services: Services, line: str = FEED) -> Iterator[socket.socket]:
    with closing(socket.create_connection(("127.0.0.1", services.port), timeout=10)) as raw:
        raw.sendall(f"GET /{line} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        yield raw


# The log


def test_the_log_has_headers_byte_for_byte(services: Services) -> None:
    sent = {"If-None-Match": "W/bare  tag", "X-Odd": "é", "user-agent": "n/1 (+u; mailto:a@b.c)"}
    ask(services, f"{FEED}?a=1%20b&a=2", sent)
    (logged,) = services.requests
    assert logged.header("if-none-match") == "W/bare  tag"
    assert logged.header("User-Agent") == "n/1 (+u; mailto:a@b.c)"
    assert dict(logged.headers).items() >= sent.items()
    assert logged.target == "/arxiv/rss/cs.RO?a=1%20b&a=2"
    assert (logged.method, logged.service, logged.path) == ("GET", "arxiv", "/rss/cs.RO")
    assert logged.query == {"a": "2"}
    assert (logged.status, logged.now) == (200, WEDNESDAY)


def test_the_log_tells_begin_and_end_and_which_connection(services: Services) -> None:
    line = http.client.HTTPConnection("127.0.0.1", services.port, timeout=10)
    for _ in range(2):
        line.request("GET", f"/{FEED}")
        line.getresponse().read()
    line.close()
    ask(services, FEED)
    first, second, third = services.requests
    assert first.connection == second.connection != third.connection
    assert first.ended_s is not None
    assert first.began_s <= first.ended_s <= second.began_s


def test_requests_are_found_by_service_and_path(services: Services) -> None:
    for target in (FEED, "arxiv/api/query?id_list=2601.00001", "blogs/"):
        ask(services, target)
    assert len(services.requests_to("arxiv")) == 2
    assert len(services.requests_to("arxiv", "/rss")) == 1


def test_bodies_are_logged_and_packed_answers_are_the_same(services: Services) -> None:
    ask(services, "openreview/login", method="POST", body=b'{"id":1}')
    assert services.requests[0].body == b'{"id":1}'
    packed = ask(services, FEED, {"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == ask(services, FEED).body


# The clock and the world


def test_the_world_is_the_same_whenever_it_is_made(services: Services) -> None:
    assert make_world(WEDNESDAY) == services.world
    assert len(services.world.papers) == 120
    titles = [paper.first.title for paper in services.world.papers]
    abstracts = [paper.first.abstract for paper in services.world.papers]
    assert len(set(titles)) == len(set(abstracts)) == 120
    assert not any("⟨" in text for text in titles + abstracts)


def test_the_world_has_what_real_texts_have(services: Services) -> None:
    titles = " ".join(paper.first.title for paper in services.world.papers)
    for part in ("$", "&", "<", "\\", "ï", "é", "Å"):
        assert part in titles, part
    assert max(len(paper.authors) for paper in services.world.papers) > 200
    fields = {paper.field for paper in services.world.papers}
    assert fields == {"robotics", "language", "biology", "neuroscience", "statistics"}


def test_one_paper_stands_at_several_services(services: Services) -> None:
    assert [one for one in services.world.papers if one.hub and one.arxiv_id and one.is_reviewed]
    assert [one for one in services.world.papers if one.hub and one.doi]


def test_a_clock_of_ones_own_is_followed() -> None:
    clock = FakeClock(WEDNESDAY)
    with Services(clock=clock) as services:
        before = ask(services, FEED).body
        clock.move(timedelta(days=1))
        assert ask(services, FEED).body != before
        assert services.now() == WEDNESDAY + timedelta(days=1)


# Faults


def test_each_service_has_a_place_of_its_own(services: Services) -> None:
    for service in Service:
        assert services.base(service) == f"http://127.0.0.1:{services.port}/{service}"
    with pytest.raises(ValueError, match="nowhere"):
        services.base("nowhere")
    assert ask(services, "nowhere/rss").status == 404


def test_a_fault_is_of_one_service_one_place_and_so_many_requests(services: Services) -> None:
    services.fault("arxiv", Fault.SERVER_ERROR, under="/rss", times=1)
    assert ask(services, "blogs/").status == 200
    assert ask(services, "arxiv/api/query?id_list=2601.00001").status == 200
    assert [ask(services, FEED).status for _ in range(2)] == [500, 200]
    services.fault("arxiv", Fault.GONE)
    assert [ask(services, FEED).status for _ in range(2)] == [410, 410]
    services.mend("arxiv")
    assert ask(services, FEED).status == 200


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault.SERVER_ERROR, 500),
        (Fault.NOT_FOUND, 404),
        (Fault.GONE, 410),
        (Fault.BUSY, 429),
        (Fault.NOT_ACCEPTABLE, 406),
        (Fault.EMPTY_BODY, 200),
        (Fault.LOGIN_PAGE, 200),
    ],
)
@pytest.mark.parametrize("service", Service)
def test_every_service_can_answer_wrongly(
    services: Services, service: Service, fault: Fault, status: int
) -> None:
    services.fault(service, fault)
    assert ask(services, f"{service}/").status == status


def test_busy_services_say_when_in_seconds_or_as_a_date(services: Services) -> None:
    services.fault("crossref", Fault.UNAVAILABLE, times=1)
    answer = ask(services, "crossref/works")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "120")
    services.fault("crossref", Fault.UNAVAILABLE_UNTIL)
    until = parsedate_to_datetime(ask(services, "crossref/works").headers["Retry-After"])
    assert until == WEDNESDAY + timedelta(minutes=2)


def test_what_moved_is_found_at_its_new_place(services: Services) -> None:
    services.fault("arxiv", Fault.MOVED)
    answer = ask(services, f"{FEED}?version=2.0")
    assert (answer.status, answer.body) == (301, b"")
    there = answer.headers["Location"].partition(f":{services.port}/")[2]
    assert there.endswith("/rss/cs.RO?version=2.0")
    assert ask(services, there).status == 200


def test_a_loop_leads_back(services: Services) -> None:
    services.fault("arxiv", Fault.LOOP)
    places = [FEED]
    for _ in range(4):
        answer = ask(services, places[-1])
        assert answer.status == 302
        places.append(answer.headers["Location"].partition(f":{services.port}/")[2])
    assert len(set(places)) == 2


@pytest.mark.parametrize(
    ("fault", "host"), [(Fault.PRIVATE, "10.20.30.40"), (Fault.METADATA, "169.254.169.254")]
)
def test_redirects_can_lead_where_nobody_should_go(
    services: Services, fault: Fault, host: str
) -> None:
    services.fault("arxiv", fault)
    assert ask(services, FEED).headers["Location"].startswith(f"http://{host}/")


def test_a_connection_can_be_reset(services: Services) -> None:
    services.fault("arxiv", Fault.RESET)
    with pytest.raises(ConnectionResetError):
        ask(services, FEED)
    assert services.requests[0].status is None


def test_an_answer_can_break_off(services: Services) -> None:
    services.fault("arxiv", Fault.BREAK_OFF)
    with pytest.raises(http.client.IncompleteRead):
        ask(services, FEED)


def test_a_hanging_request_ends_when_the_client_goes(services: Services) -> None:
    services.fault("arxiv", Fault.HANG)
    with connected(services) as raw:
        raw.settimeout(0.05)
        with pytest.raises(TimeoutError):
            raw.recv(1)
    deadline = time.monotonic() + 5
    while services.requests[0].ended_s is None:
        assert time.monotonic() < deadline
    assert services.requests[0].status is None


def test_an_answer_can_drip(services: Services) -> None:
    services.pause_s = 0.001
    whole = ask(services, "blogs/ledger/feed.json")
    services.fault("blogs", Fault.DRIP)
    dripped = ask(services, "blogs/ledger/feed.json")
    assert dripped.body == whole.body
    logged = services.requests[-1]
    assert logged.ended_s is not None
    assert logged.ended_s - logged.began_s >= 0.001 * len(whole.body)


def test_a_body_can_be_huge_without_saying_so(services: Services) -> None:
    services.fault("blogs", Fault.HUGE)
    line = http.client.HTTPConnection("127.0.0.1", services.port, timeout=20)
    line.request("GET", "/blogs/workshop/rss.xml")
    answer = line.getresponse()
    assert answer.headers["Content-Length"] is None
    size = 0
    while piece := answer.read(1 << 20):
        size += len(piece)
    line.close()
    assert size > 49_000_000


def test_a_bomb_is_small_and_grows(services: Services) -> None:
    services.fault("blogs", Fault.BOMB)
    answer = ask(services, "blogs/workshop/rss.xml")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.body) < 500_000
    unpacker, size, rest = zlib.decompressobj(16 + zlib.MAX_WBITS), 0, answer.body
    while not unpacker.eof:
        size += len(unpacker.decompress(rest, 1 << 20))
        rest = unpacker.unconsumed_tail
    assert size == 200 << 20


# Its end


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DRIP])
def test_the_server_ends_at_once_whatever_is_in_flight(fault: Fault) -> None:
    services = Services(now=WEDNESDAY, pause_s=30).start()
    services.fault("arxiv", fault)
    with connected(services) as raw:
        while not services.requests:
            pass
        started = time.monotonic()
        services.stop()
        assert time.monotonic() - started < 2
        while raw.recv(4096):
            pass
    services.stop()


def test_many_may_ask_at_once(services: Services) -> None:
    def work() -> None:
        for _ in range(5):
            assert ask(services, FEED).status == 200

    threads = [threading.Thread(target=work) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(services.requests) == 40
    assert all(one.ended_s is not None for one in services.requests)


def test_a_server_that_was_not_started_says_so() -> None:
    services = Services(now=datetime(2026, 11, 18, tzinfo=UTC))
    with pytest.raises(RuntimeError, match="not started"):
        services.base("arxiv")
    services.stop()
    with pytest.raises(TypeError, match="by itself"):
        Services(clock=_Flowing()).advance(timedelta(days=1))


class _Flowing:
    def now(self) -> datetime:
        return WEDNESDAY
