"""Every kind of source reads what the imitated services say: the demo's own config, no waiting."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from typer.testing import CliRunner

from newsletter.bootstrap import open_newsroom
from newsletter.bootstrap.demo import Demo, open_demo
from newsletter.bootstrap.sources import make_source
from newsletter.cli import app
from newsletter.cli.session import hoist
from newsletter.config import load_config
from newsletter.errors import ConfigError, SourceError
from newsletter.model import Memory, Pull, PullOrder, SourceName, SourceState
from newsletter.ports import Source
from newsletter.sources import Machine, PoliteWeb
from newsletter.testing import FakeClock
from newsletter.testing.paces import MemoryPaces
from newsletter.testing.services import Fault, Services
from newsletter.workflows import collect
from tests.testing.conftest import WEDNESDAY


@dataclass
class Room:
    """The demo's sources, and a clock that their waits move."""

    sources: Mapping[str, Source]
    clock: FakeClock
    waited_s: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.waited_s += seconds
        self.clock.move(timedelta(seconds=seconds))

    def pull(self, name: str, memory: Memory | None = None) -> Pull:
        return self.sources[name].pull(PullOrder(self.clock.now(), memory or {}))


def rewired(demo: Demo, clock: FakeClock) -> Room:
    """Return the sources of the demo's config, with waits that take no time."""
    config = load_config(demo.config_path)
    room = Room({}, clock)
    machine = Machine(now=clock.now, monotonic=lambda: clock.now().timestamp(), sleep=room.sleep)
    web = PoliteWeb(MemoryPaces(), "newsletter/test", allow=["127.0.0.1"], machine=machine)
    room.sources = {
        str(name): make_source(name, settings, web, "editor@example.org")
        for name, settings in config.sources.items()
    }
    return room


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(WEDNESDAY)


@pytest.fixture
def running(clock: FakeClock) -> Iterator[Services]:
    with Services(clock=clock) as services:
        yield services


@pytest.fixture
def room(tmp_path: Path, clock: FakeClock, running: Services) -> Iterator[Room]:
    with open_demo(tmp_path / "news", WEDNESDAY, 1) as demo:
        text = demo.config_path.read_text(encoding="utf-8")
        old = text.partition('base: "')[2].partition("/daily-papers")[0]
        new = running.base("daily-papers").removesuffix("/daily-papers")
        demo.config_path.write_text(text.replace(old, new), encoding="utf-8")
        yield rewired(demo, clock)


def test_each_source_of_the_demo_has_entries_and_no_problems(room: Room) -> None:
    for name in room.sources:
        pull = room.pull(name)
        assert pull.entries, name
        assert not pull.problems, (name, pull.problems)
        assert all(
            "<" not in (one.content.abstract or "").replace("p<0", "") for one in pull.entries
        )


def test_the_announcements_are_read_whole(room: Room, running: Services) -> None:
    announced = running.world.listings(WEDNESDAY.date(), ["cs", "stat", "q-bio"])
    found = {one.arxiv_id: one for one in room.pull("arxiv").entries}
    assert found.keys() == {one.paper.arxiv_id for one in announced}
    for listing in announced:
        content = found[listing.paper.arxiv_id].content
        assert content.title == listing.version.title
        assert set(content.categories) >= set(listing.paper.categories)


def test_requests_to_arxiv_are_three_seconds_apart(room: Room, running: Services) -> None:
    room.pull("arxiv")
    begun = [one.now for one in running.requests_to("arxiv")]
    gaps = [later - earlier for earlier, later in pairwise(begun)]
    assert len(gaps) >= 2
    assert min(gaps) >= timedelta(seconds=3)
    assert all(one.header("Accept") for one in running.requests_to("arxiv"))


def test_validators_come_back_byte_for_byte(
    room: Room, running: Services, clock: FakeClock
) -> None:
    first = room.pull("workshop")
    clock.move(timedelta(hours=2))
    again = room.pull("workshop", first.memory)
    assert not again.entries
    logged = running.requests_to("blogs")[-1]
    assert (logged.status, (logged.header("If-None-Match") or "")[:1]) == (304, '"')


def test_a_list_that_grew_is_seen_to_have_grown(room: Room, clock: FakeClock) -> None:
    before = {one.arxiv_id for one in room.pull("daily-papers").entries}
    clock.move(timedelta(days=1))
    assert {one.arxiv_id for one in room.pull("daily-papers").entries} - before


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault.LOOP, "redirect"),
        (Fault.PRIVATE, "10.20.30.40 is no public address"),
        (Fault.METADATA, "169.254.169.254 is no public address"),
        (Fault.LOGIN_PAGE, "127.0.0.1"),
    ],
)
@pytest.mark.parametrize("name", ["daily-papers", "arxiv", "biorxiv", "crossref"])
def test_a_bad_day_of_a_service_is_a_failure_with_words(
    room: Room, running: Services, name: str, fault: Fault, words: str
) -> None:
    running.fault(name, fault)
    with pytest.raises(SourceError, match=re.escape(words)):
        room.pull(name)


def test_two_days_of_all_sources_send_much_and_nothing_twice(
    tmp_path: Path, room: Room, clock: FakeClock
) -> None:
    config = str(tmp_path / "news" / "config.yaml")
    people = str(tmp_path / "news" / "subscribers")
    run("--config", config, "subscribers", "import", people, "--consent", "a test")
    days = []
    for day in (WEDNESDAY, WEDNESDAY + timedelta(days=1)):
        clock.move(max(day - clock.now(), timedelta(0)))
        with open_newsroom(Path(config), now=day) as newsroom:
            # One by one: side by side, the waits of each would count against the others' deadlines.
            reports = [
                report
                for source in room.sources.values()
                for report in collect([source], newsroom.collecting())
            ]
        assert not [one for one in reports if one.state is SourceState.FAILED or one.problems]
        told = json.loads(
            run("--config", config, "send", "--ignore-schedule", "--json", "--now", day.isoformat())
        )
        days.append(
            {
                one["subscriber"]: {entry["id"] for entry in one["entries"]}
                for one in told["editions"]
            }
        )
    assert len(days[0]) == 3
    assert days[1]
    for reader, entries in days[1].items():
        assert entries
        assert not entries & days[0].get(reader, set())


def run(*words: str) -> str:
    result = CliRunner().invoke(app, hoist(list(words)))
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_demo_refuses_a_folder_that_holds_a_newsletter(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("newsletter: {}", encoding="utf-8")
    with (
        pytest.raises(ConfigError, match="exists already"),
        open_demo(tmp_path, WEDNESDAY, 1),
    ):
        pass


def test_the_days_of_a_demo_end_now_and_its_clock_goes_on(tmp_path: Path) -> None:
    with open_demo(tmp_path / "news", WEDNESDAY, 3) as demo:
        assert demo.days[-1] == WEDNESDAY
        assert demo.now() == demo.days[0] == WEDNESDAY - timedelta(days=2)
        demo.go_to(demo.days[-1])
        assert demo.now() == WEDNESDAY
        demo.run_on()
        assert demo.now() > datetime(2026, 1, 1, tzinfo=WEDNESDAY.tzinfo)
        assert len(list(demo.subscribers.iterdir())) == 3
        assert SourceName("arxiv") in load_config(demo.config_path).sources


def test_queries_arrive_as_they_were_meant(room: Room, running: Services) -> None:
    room.pull("scholar")
    assert "reinforcement learning" in unquote(running.requests[-1].query["query"])
