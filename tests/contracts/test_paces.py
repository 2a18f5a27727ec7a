"""Turns at services, in memory and on both databases; and between two real processes."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.ports import Paces
from newsletter.storage import Database, PaceStore, open_database
from newsletter.testing.paces import MemoryPaces
from tests.forks import Script

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
UNTIL = NOW + 60 * SECOND

NewDatabase = Callable[[str], str]
OpenStored = Callable[[str], Database]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def paces(request: pytest.FixtureRequest, open_stored: OpenStored) -> Paces:
    return MemoryPaces() if request.param == "memory" else PaceStore(open_stored(request.param))


def in_another_thread(work: Callable[[], datetime | None]) -> datetime | None:
    found: list[datetime | None] = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]


def test_a_turn_is_taken_once(paces: Paces) -> None:
    assert paces.take("arxiv", now=NOW, until=UNTIL) is None
    for take in (lambda work: work(), in_another_thread):
        again_at = take(lambda: paces.take("arxiv", now=NOW, until=UNTIL))
        assert again_at
        assert NOW < again_at <= NOW + SECOND
    assert paces.take("crossref", now=NOW, until=UNTIL) is None


def test_after_a_turn_the_service_rests(paces: Paces) -> None:
    paces.take("arxiv", now=NOW, until=UNTIL)
    free_at = NOW + timedelta(seconds=3.25)
    paces.give_back("arxiv", free_at=free_at)
    assert paces.take("arxiv", now=NOW, until=UNTIL) == free_at
    assert in_another_thread(lambda: paces.take("arxiv", now=NOW, until=UNTIL)) == free_at
    assert paces.take("arxiv", now=free_at, until=UNTIL) is None


def test_who_does_not_come_back_loses_the_turn(paces: Paces) -> None:
    in_another_thread(lambda: paces.take("arxiv", now=NOW, until=UNTIL))
    assert paces.take("arxiv", now=UNTIL - SECOND / 8, until=UNTIL + SECOND) == UNTIL
    assert paces.take("arxiv", now=UNTIL, until=UNTIL + 60 * SECOND) is None


def test_who_comes_back_too_late_takes_the_turn_from_nobody(paces: Paces) -> None:
    in_another_thread(lambda: paces.take("arxiv", now=NOW, until=UNTIL))
    paces.take("arxiv", now=UNTIL, until=UNTIL + 60 * SECOND)

    def come_back() -> None:
        paces.give_back("arxiv", free_at=UNTIL + SECOND)

    in_another_thread(come_back)
    again_at = paces.take("arxiv", now=UNTIL + 2 * SECOND, until=UNTIL + 60 * SECOND)
    assert again_at
    paces.give_back("arxiv", free_at=UNTIL)
    assert paces.take("arxiv", now=UNTIL, until=UNTIL + 60 * SECOND) == UNTIL + SECOND


def test_a_turn_that_was_never_taken_can_be_given_back(paces: Paces) -> None:
    paces.give_back("feed\0\N{SNOWMAN}", free_at=NOW + SECOND)
    assert paces.take("feed\0\N{SNOWMAN}", now=NOW, until=UNTIL) == NOW + SECOND


def test_of_many_who_want_the_turn_at_once_one_gets_it(paces: Paces) -> None:
    found: list[datetime | None] = []
    gate = threading.Barrier(6)

    def take() -> None:
        gate.wait()
        found.append(paces.take("arxiv", now=NOW, until=UNTIL))

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one for one in found if one is None] == [None]
    assert len(found) == 6


ASKING = """
import sys
from datetime import UTC, datetime, timedelta
from newsletter.model import Ask, Manners, PullOrder
from newsletter.sources import PoliteWeb
from newsletter.storage import PaceStore, open_database
web = PoliteWeb(PaceStore(open_database(sys.argv[1])), "test", allow=["127.0.0.1"])
manners = Manners("arxiv", interval=timedelta(milliseconds=int(sys.argv[3])))
for _ in range(4):
    with web.visit(manners, PullOrder(datetime.now(UTC))) as visit:
        visit.fetch(Ask(sys.argv[2]))
"""

SERVING = """
import http.server, threading, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        print("begun", time.monotonic(), flush=True)
        self.send_response(200)
        print("ended", time.monotonic(), flush=True)
        self.end_headers()
    def log_message(self, *_):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = False
print("port", server.server_port, flush=True)
for _ in range(8):
    server.handle_request()
server.server_close()
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_processes_keep_one_pace(kind: str, new_database: NewDatabase) -> None:
    url = new_database(f"{kind} migrated")
    database = open_database(url)
    database.migrate()
    database.close()
    with Script(SERVING) as server:
        asked = f"http://127.0.0.1:{server.line().split()[1]}/"
        with Script(ASKING, url, asked, "60") as one, Script(ASKING, url, asked, "60") as two:
            assert (one.rest(), two.rest()) == ("", "")
            assert (one.exit_code, two.exit_code) == (0, 0)
        moments = [line.split() for line in server.rest().splitlines()]
    assert [word for word, _ in moments] == ["begun", "ended"] * 8, "one at a time"
    begun = [float(moment) for word, moment in moments if word == "begun"]
    ended = [float(moment) for word, moment in moments if word == "ended"]
    gaps = [later - end for end, later in zip(ended, begun[1:], strict=False)]
    assert min(gaps) > 0.055
