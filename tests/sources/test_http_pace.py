"""The polite client in time: its pace, its patience, and when it gives up."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from newsletter.errors import BusyError, OutOfTimeError
from newsletter.model import Ask, Manners
from newsletter.rules.turns import Turn
from newsletter.testing.paces import MemoryPaces
from tests.sources.raw_server import NOW, RawServer, Surf, answer, raw_server

SECOND = timedelta(seconds=1)
ARXIV = Manners("arxiv", interval=3 * SECOND)


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


@pytest.fixture
def surf() -> Surf:
    return Surf()


def busy(status: str = "429 Too Many Requests", **fields: str) -> bytes:
    return answer(b"Rate exceeded.", status, **fields)


def free_at(surf: Surf, pace: str = "arxiv") -> float | None:
    assert isinstance(surf.paces, MemoryPaces)
    moment = surf.paces.turns[pace].free_at
    return None if moment is None else (moment - NOW).total_seconds()


def test_requests_of_one_pace_are_an_interval_apart(server: RawServer, surf: Surf) -> None:
    url = server.put("/", answer(b"x"))
    with surf.visit(ARXIV) as visit:
        visit.fetch(Ask(url))
        visit.fetch(Ask(url))
    surf.fetch(url, ARXIV)
    assert surf.time.slept == [3.0, 3.0]
    assert surf.told()[1] == "waited for the pace of arxiv"
    assert surf.steps[1].took == 3 * SECOND


def test_other_paces_do_not_wait(server: RawServer, surf: Surf) -> None:
    url = server.put("/", answer(b"x"))
    surf.fetch(url, ARXIV)
    surf.fetch(url, Manners("another"))
    assert surf.time.slept == []


def test_hops_are_requests_too(server: RawServer, surf: Surf) -> None:
    server.put("/new", answer(b"x"))
    surf.fetch(server.put("/", answer(status="301 Moved", Location="/new")), ARXIV)
    assert surf.time.slept == [3.0]


def test_after_an_error_the_service_rests_too(server: RawServer, surf: Surf) -> None:
    url = server.put("/", b"nonsense\r\n\r\n", answer(b"x"))
    with pytest.raises(Exception, match="breaks HTTP"):
        surf.fetch(url, ARXIV)
    surf.fetch(url, ARXIV)
    assert surf.time.slept == [3.0]


def test_a_busy_service_is_left_alone_for_longer_each_time(server: RawServer, surf: Surf) -> None:
    url = server.put("/", busy(), busy("503 Busy"), busy(), answer(b"x"))
    assert surf.fetch(url).body == b"x"
    assert surf.time.slept == [5.0, 10.0, 20.0]
    assert surf.told()[:2] == [f"GET {url}: 429", "127.0.0.1 is busy (429): asked again in 5.0 s"]


def test_not_all_come_back_at_one_moment(server: RawServer, surf: Surf) -> None:
    surf.chance = 1.0
    surf.fetch(server.put("/", busy(), busy(Retry_After="100"), busy(), answer(b"x")),
               Manners("pace", deadline=300 * SECOND))  # fmt: skip
    assert surf.time.slept == [5.5, 110.0, 22.0]


@pytest.mark.parametrize(
    ("fields", "wait"),
    [
        ({"Retry_After": "7"}, 7.0),
        ({"Retry_After": "Sat, 21 Nov 2026 12:00:40 GMT"}, 40.0),
        ({"RateLimit": '"api";r=0;t=55'}, 56.0),
        ({"RateLimit": '"api";r=0;t=8', "Retry_After": "3"}, 9.0),
        ({"Retry_After": "0"}, 5.0),
        ({"Retry_After": "soon"}, 5.0),
        ({"Retry_After": "Sat, 21 Nov 2026 11:00:00 GMT"}, 5.0),
    ],
)
def test_a_moment_that_the_service_names_is_kept(
    server: RawServer, surf: Surf, fields: dict[str, str], wait: float
) -> None:
    surf.fetch(server.put("/", busy(**fields), answer(b"x")))
    assert surf.time.slept == [wait]


def test_after_some_tries_it_gives_up_and_says_when_to_come_back(
    server: RawServer, surf: Surf
) -> None:
    url = server.put("/", busy())
    with pytest.raises(
        BusyError, match=r"busy \(429\); ask again at 2026-11-21 12:00:15 UTC"
    ) as caught:
        surf.fetch(url, Manners("arxiv", tries=2))
    assert caught.value.status == 429
    assert (len(server.heads), surf.time.slept, free_at(surf)) == (2, [5.0], 15.0)


def test_a_wait_beyond_the_deadline_is_not_begun_but_kept(server: RawServer, surf: Surf) -> None:
    url = server.put("/", busy(Retry_After="3600"), answer(b"x"))
    with pytest.raises(BusyError, match="ask again at 2026-11-21 13:00:00 UTC"):
        surf.fetch(url, ARXIV)
    with pytest.raises(BusyError, match="arxiv: may be asked again at 2026-11-21 13:00:00 UTC"):
        surf.fetch(url, ARXIV)
    assert (len(server.heads), surf.time.slept) == (1, [])
    surf.time.passed_s = 3600
    assert surf.fetch(url, ARXIV).body == b"x"


def test_nobody_is_waited_for_longer_than_a_day(server: RawServer, surf: Surf) -> None:
    url = server.put("/", busy(Retry_After="99999999999"), answer(b"x"))
    surf.chance = 1.0
    with pytest.raises(BusyError, match="ask again at 2026-11-22 12:00:00 UTC"):
        surf.fetch(url, ARXIV)
    surf.time.passed_s = 86_400
    assert surf.fetch(url, ARXIV).body == b"x"


def test_a_status_that_one_service_means_by_busy(server: RawServer, surf: Surf) -> None:
    manners = Manners("arxiv", busy=frozenset({406}), back_off=60 * SECOND)
    assert (
        surf.fetch(server.put("/", busy("406 Not Acceptable"), answer(b"x")), manners).body == b"x"
    )
    assert surf.time.slept == [60.0]


def test_a_busy_status_that_is_expected_is_a_page(server: RawServer, surf: Surf) -> None:
    url = server.put("/", busy())
    assert surf.fetch(Ask(url, expected=frozenset({429}))).body == b"Rate exceeded."


def test_a_used_up_quota_on_a_good_answer_puts_off_the_next(server: RawServer, surf: Surf) -> None:
    url = server.put("/", answer(b"x", RateLimit='"api";r=0;t=55'), answer(b"y"))
    with surf.visit() as visit:
        visit.fetch(Ask(url))
        visit.fetch(Ask(url))
    assert surf.time.slept == [56.0]


def test_a_service_that_names_a_slower_pace_gets_it(server: RawServer, surf: Surf) -> None:
    slow = {"x_rate_limit_limit": "1", "x_rate_limit_interval": "4s"}
    fast = {"x_rate_limit_limit": "50", "x_rate_limit_interval": "1s"}
    url = server.put("/", answer(b"x", **slow), answer(b"x", **fast), answer(b"x"))
    with surf.visit() as visit:
        for _ in range(3):
            visit.fetch(Ask(url))
    assert surf.time.slept == [4.0, 1.0]


def test_when_others_have_their_turns_up_to_the_deadline(server: RawServer, surf: Surf) -> None:
    held = Turn("another", NOW + timedelta(hours=1))
    surf.paces = MemoryPaces()
    surf.paces.turns["arxiv"] = held
    with pytest.raises(OutOfTimeError, match="arxiv: no turn to ask was left within 2 s"):
        surf.fetch(server.url("/"), Manners("arxiv", deadline=2 * SECOND))
    assert sum(surf.time.slept) <= 2.0
    assert surf.paces.turns["arxiv"] == held
    assert server.heads == []


def test_the_next_request_does_not_fit_before_the_deadline(server: RawServer, surf: Surf) -> None:
    url = server.put("/", answer(b"x"))
    with surf.visit(Manners("arxiv", interval=3 * SECOND, deadline=2 * SECOND)) as visit:
        visit.fetch(Ask(url))
        with pytest.raises(OutOfTimeError):
            visit.fetch(Ask(url))
    assert surf.time.slept == []


def test_after_the_deadline_nothing_is_asked(server: RawServer, surf: Surf) -> None:
    with surf.visit(Manners("arxiv", deadline=2 * SECOND)) as visit:
        surf.time.passed_s = 2.0
        with pytest.raises(OutOfTimeError):
            visit.fetch(Ask(server.url("/")))
    assert server.heads == []


def test_a_turn_is_held_until_the_deadline_at_most(server: RawServer, surf: Surf) -> None:
    seen: list[Turn] = []
    paces = MemoryPaces()
    surf.paces = paces

    def look(connected: object) -> None:
        seen.append(paces.turns["arxiv"])
        connected.sendall(answer(b"x"))  # type: ignore[attr-defined]

    surf.fetch(server.put("/", look), Manners("arxiv", deadline=60 * SECOND))
    assert seen[0].taken_until == NOW + 65 * SECOND
    assert paces.turns["arxiv"] == Turn(free_at=NOW + SECOND)


def test_threads_share_a_pace_and_have_one_connection_at_a_time(server: RawServer) -> None:
    url = server.put("/", answer(b"x"))
    paces = MemoryPaces()
    manners = Manners("arxiv", interval=timedelta(milliseconds=20))

    def pull() -> None:
        from newsletter.model import PullOrder  # noqa: PLC0415
        from newsletter.sources import PoliteWeb  # noqa: PLC0415

        web = PoliteWeb(paces, "test", allow=["127.0.0.1"])
        for _ in range(3):
            with web.visit(manners, PullOrder(NOW)) as visit:
                visit.fetch(Ask(url))

    threads = [threading.Thread(target=pull) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.heads) == 9
    assert server.most_open <= 2  # the server may notice an end a moment later
