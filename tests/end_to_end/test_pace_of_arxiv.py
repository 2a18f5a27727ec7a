"""arXiv is asked every three seconds at most, over its services, our threads and our processes."""

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from newsletter.bootstrap import open_newsroom
from newsletter.model import PullOrder, SourceName
from newsletter.sources import ArxivSource, Machine, PoliteWeb
from newsletter.storage import PaceStore, open_database
from newsletter.testing import FakeClock
from newsletter.testing.services import Received, Services
from tests.end_to_end.news_house import NewsHouse
from tests.testing.asking import ask
from tests.testing.conftest import WEDNESDAY

GAP_S = 3
NOW = ("--now", WEDNESDAY.isoformat())
CATEGORIES = ("cs", "stat", "q-bio", "math", "physics", "eess")


@pytest.fixture
def services() -> Iterator[Services]:
    with Services(now=WEDNESDAY) as running:
        yield running


def service_of(request: Received) -> str:
    return request.path.split("/")[1]


def one_at_a_time(requests: Sequence[Received]) -> bool:
    return all(
        earlier.ended_s is not None and earlier.ended_s <= later.began_s
        for earlier, later in pairwise(requests)
    )


def test_two_programs_keep_three_seconds_over_all_three_services(
    tmp_path: Path, services: Services
) -> None:
    # Given two sources; of the first a list was read two days ago, so that days were missed
    base = f'base: "{services.base("arxiv")}"'
    house = NewsHouse(
        tmp_path / "news",
        {
            "first": f"kind: arxiv, categories: [cs], {base}",
            "second": f"kind: arxiv, categories: [stat], enrich: false, {base}",
        },
        "127.0.0.1",
    )
    with open_newsroom(house.config, now=WEDNESDAY) as room:
        list_read = '{"dated": "2026-11-16", "digest": "0"}'
        room.log.remember(SourceName("first"), {"cs": list_read})
    # When each is collected by a program of its own at the same time
    started = [house.start(name, *NOW) for name in ("first", "second")]
    told = [running.ended() for running in started]
    # Then both have entries, and the server saw one request at a time, three seconds apart
    for name, collected in zip(("first", "second"), told, strict=True):
        assert collected.sources[name]["problems"] == []
        assert collected.sources[name]["fetched"]
    requests = services.requests_to("arxiv")
    assert [service_of(one) for one in requests].count("rss") == 2
    assert {service_of(one) for one in requests} == {"rss", "oai", "api"}
    assert len(requests) == 4
    gaps = [later.began_s - earlier.began_s for earlier, later in pairwise(requests)]
    assert min(gaps) >= GAP_S
    assert one_at_a_time(requests)
    assert len({one.connection for one in requests}) == len(requests)


def test_many_requests_of_threads_and_programs_keep_the_pace(tmp_path: Path) -> None:
    # Given a time that passes while somebody waits, and three programs over one database
    clock = FakeClock(WEDNESDAY)
    url = f"sqlite:///{tmp_path}/newsletter.db"
    machine = Machine(
        now=clock.now,
        monotonic=lambda: clock.now().timestamp(),
        sleep=lambda seconds: _pass(clock, seconds),
    )
    memory = dict.fromkeys(CATEGORIES, '{"dated": "2026-11-16", "digest": "0"}')
    with Services(clock=clock) as services, ExitStack() as stack:
        databases = [stack.enter_context(closing(open_database(url))) for _ in range(3)]
        databases[0].migrate(now=WEDNESDAY)

        def pull(paces: PaceStore) -> None:
            web = PoliteWeb(paces, "newsletter/test", allow=["127.0.0.1"], machine=machine)
            source = ArxivSource(
                SourceName("arxiv"),
                web,
                CATEGORIES,
                base=services.base("arxiv"),
                deadline=timedelta(hours=5),
            )
            source.pull(PullOrder(WEDNESDAY, memory))

        threads = [
            threading.Thread(target=pull, args=[PaceStore(database)]) for database in databases
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        requests = services.requests_to("arxiv")
    # Then all of them were asked in turn
    assert len(requests) >= 3 * (2 * len(CATEGORIES) + 1)
    gaps = [later.now - earlier.now for earlier, later in pairwise(requests)]
    assert min(gaps) >= timedelta(seconds=GAP_S)
    assert one_at_a_time(requests)


def _pass(clock: FakeClock, seconds: float) -> None:
    clock.move(timedelta(seconds=seconds))
    threading.Event().wait(0.001)  # lets the others run, which the time is for


def test_what_a_server_gave_comes_back_byte_for_byte(tmp_path: Path, services: Services) -> None:
    # Given a bare ETag, which no standard allows, and one in quotes with a date
    targets = {"arxiv": "arxiv/rss/cs", "blog": "blogs/workshop/rss.xml"}
    given = {name: ask(services, target).headers for name, target in targets.items()}
    assert re.fullmatch(r"[0-9a-f]{64}", given["arxiv"]["ETag"])
    assert re.fullmatch(r'"[0-9a-f]+"', given["blog"]["ETag"])
    house = NewsHouse(
        tmp_path / "news",
        {
            "arxiv": f'kind: arxiv, categories: [cs], enrich: false, base: "{services.base("arxiv")}"',
            "blog": f'kind: feed, url: "{services.base("blogs")}/workshop/rss.xml"',
        },
        "127.0.0.1",
    )
    # When they are collected twice, by programs of their own
    house.collect(*NOW)
    later = (WEDNESDAY + timedelta(hours=2)).isoformat()
    told = house.collect("--now", later)
    # Then the second request has each of them as it came, and all headers once
    assert {one["state"] for one in told.sources.values()} == {"unchanged"}
    for name, target in targets.items():
        service, _, path = target.partition("/")
        sent = services.requests_to(service, f"/{path}")[-1].headers
        expected = {
            "If-None-Match": given[name]["ETag"],
            "If-Modified-Since": given[name].get("Last-Modified"),
        }
        for header, value in expected.items():
            assert [one for known, one in sent if known == header] == ([value] if value else [])
        assert len({known.lower() for known, _ in sent}) == len(sent)
    assert services.requests_to("blogs")[-1].status == 304
