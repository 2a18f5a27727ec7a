"""`collect` against a web that means harm: bombs, endless bodies, and ways into the house."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from newsletter.testing.services import Fault, Services
from tests.end_to_end.news_house import NewsHouse
from tests.sources.raw_server import RawServer, answer, raw_server
from tests.testing.conftest import WEDNESDAY

MOST_MEMORY_MB: Final = 300
NOW: Final = ("--now", WEDNESDAY.isoformat())

MEASURED: Final = """
import atexit, sys
from pathlib import Path

def tell():
    # Not ru_maxrss: that of a new process begins with what its parent had.
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM"))
    print(peak.split()[1], file=sys.stderr)

atexit.register(tell)
from newsletter.cli import main
main()
"""


@pytest.fixture
def services() -> Iterator[Services]:
    with Services(now=WEDNESDAY) as running:
        yield running


def settings_of(services: Services) -> dict[str, str]:
    def base(name: str) -> str:
        return f'base: "{services.base(name)}"'

    return {
        "daily-papers": f"kind: daily-papers, {base('daily-papers')}",
        "arxiv": f"kind: arxiv, categories: [cs], {base('arxiv')}",
        "biorxiv": f"kind: biorxiv, {base('biorxiv')}",
        "crossref": f"kind: crossref, query: sleep, {base('crossref')}",
        "semantic-scholar": f"kind: semantic-scholar, query: sleep, {base('semantic-scholar')}",
        "openreview": f"kind: openreview, venues: [Sleep.cc/2026], {base('openreview')}",
        "blogs": f'kind: feed, url: "{services.base("blogs")}/workshop/rss.xml"',
    }


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize("fault", [Fault.BOMB, Fault.HUGE])
def test_all_sources_at_once_under_bombs_take_little_memory(
    tmp_path: Path, services: Services, fault: Fault
) -> None:
    # Given seven sources, each of which answers with 200 MB packed small, or with 50 MB
    sources = settings_of(services)
    for name in sources:
        services.fault(name, fault)
    (tmp_path / "picks.jsonl").write_text('{"title": "A quiet paper"}\n', encoding="utf-8")
    picks = {"picks": f"kind: file, path: {tmp_path}/picks.jsonl"}
    house = NewsHouse(tmp_path / "news", sources | picks, "127.0.0.1")
    # When they are collected by the program
    told = house.collect_by(MEASURED, *NOW)
    # Then each of them fails with words, the file is read, and memory stays small
    for name in sources:
        assert told.sources[name]["state"] == "failed", name
        assert "bytes, which is the most that is read" in told.problem(name)
    assert told.sources["picks"]["state"] == "fresh"
    assert int(told.err.split()[-1]) / 1024 < MOST_MEMORY_MB


@dataclass
class Trap:
    """The machine's own web server, and another one that nobody may reach."""

    server: RawServer
    folder: Path

    def collect(self, sources: dict[str, str]) -> tuple[dict[str, str], list[str]]:
        """Collect with nothing allowed; return the problems, and each address that was dialled."""
        house = NewsHouse(self.folder / "news", sources)
        dialled = self.folder / "dialled"
        script = ELSEWHERE.format(port=self.server.port, log=str(dialled))
        told = house.collect_after(script)
        problems = {name: told.problem(name) for name in sources}
        lines = dialled.read_text(encoding="utf-8").splitlines() if dialled.exists() else []
        return problems, lines


ELSEWHERE: Final = """
import socket
from pathlib import Path

# The internet, as this process sees it: some names, and one public server.
NAMES = {{
    "inside.example": ["10.0.0.7"],
    "both.example": ["93.184.216.34", "192.168.1.1"],
    "localhost": ["127.0.0.1"],
}}
look_up, connect = socket.getaddrinfo, socket.create_connection

def resolve(host, port, *args, **kwargs):
    usual = ["93.184.216.34"] if host.endswith(".public.example") else [host]
    found = NAMES.get(host, usual)
    return [entry for one in found for entry in look_up(one, port, *args, **kwargs)]

def dial(address, timeout=None, **kwargs):
    with Path({log!r}).open("a") as log:
        log.write(address[0] + chr(10))
    return connect(("127.0.0.1", {port}), timeout)

socket.getaddrinfo, socket.create_connection = resolve, dial
"""


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[Trap]:
    with raw_server() as server:
        yield Trap(server, tmp_path)


PRIVATE: Final = {
    "loopback": "127.0.0.1",
    "another loopback": "127.9.9.9",
    "a house": "10.20.30.40",
    "a router": "192.168.1.1",
    "a company": "172.16.0.1",
    "a cloud": "169.254.169.254",
    "a provider": "100.64.0.1",
    "no address": "0.0.0.0",  # noqa: S104 - nobody listens there
    "loopback in IPv6": "[::1]",
    "loopback within IPv6": "[::ffff:127.0.0.1]",
    "a house in IPv6": "[fd00::1]",
    "a neighbour in IPv6": "[fe80::1]",
    "this machine": "localhost",
    "a name for a house": "inside.example",
    "a name for both": "both.example",
    "one number": "2130706433",
    "octal": "0177.0.0.1",
    "hexadecimal": "0x7f.1",
}


def named(kinds: dict[str, str]) -> dict[str, str]:
    return {name.replace(" ", "-").lower(): settings for name, settings in kinds.items()}


def test_no_address_within_the_house_is_asked_that_was_not_allowed(trap: Trap) -> None:
    sources = named(
        {name: f'kind: feed, url: "http://{host}/feed"' for name, host in PRIVATE.items()}
    )
    sources["service"] = 'kind: crossref, query: x, base: "http://10.0.0.9:8080"'
    problems, dialled = trap.collect(sources)
    for name, problem in problems.items():
        assert "is no public address; name " in problem, (name, problem)
    assert (dialled, trap.server.heads) == ([], [])


def test_no_redirect_leads_into_the_house(trap: Trap) -> None:
    sources = {}
    for number, host in enumerate(PRIVATE.values()):
        location = f"http://{host}:8080/secret"
        trap.server.put(f"/{number}", answer(status="302 Found", Location=location))
        sources[f"feed-{number}"] = f'kind: feed, url: "http://{number}.public.example/{number}"'
    trap.server.put("/scheme", answer(status="302 Found", Location="//127.0.0.1/secret"))
    trap.server.put("/file", answer(status="302 Found", Location="file:///etc/passwd"))
    sources["scheme"] = 'kind: feed, url: "http://s.public.example/scheme"'
    sources["file"] = 'kind: feed, url: "http://f.public.example/file"'

    problems, dialled = trap.collect(sources)

    assert "is no address that begins with http" in problems.pop("file")
    for name, problem in problems.items():
        assert ".public.example/" in problem.partition(": ")[0], name
        assert "redirects to http://" in problem
        assert "is no public address; name " in problem
    assert set(dialled) == {"93.184.216.34"}
    assert not [path for path in trap.server.paths() if "secret" in path]


def test_no_further_page_is_asked_for_within_the_house(trap: Trap) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Gulls",
        "next_url": "http://169.254.169.254/latest/meta-data/",
        "items": [{"id": "1", "title": "Gulls plan", "content_text": "They do."}],
    }
    papers = [{"paper": {"id": "2611.00001", "title": "Gulls plan", "summary": "They do."}}]
    link = '<http://10.20.30.40/api/daily_papers?p=1>; rel="next"'
    trap.server.put(
        "/feed.json", answer(json.dumps(feed).encode(), Content_Type="application/json")
    )
    house = NewsHouse(
        trap.folder / "news",
        {
            "pages": 'kind: feed, url: "http://j.public.example/feed.json"',
            "links": 'kind: daily-papers, list: trending, base: "http://h.public.example"',
        },
    )
    trap.server.put(
        "/api/daily_papers?sort=trending&limit=100", answer(json.dumps(papers).encode(), Link=link)
    )
    dialled = trap.folder / "dialled"
    script = ELSEWHERE.format(port=trap.server.port, log=str(dialled))

    told = house.collect_after(script)

    assert [told.sources[name]["fetched"] for name in ("pages", "links")] == [1, 1]
    assert "the next page is said to stand at another host; not followed" in told.problem("links")
    assert set(dialled.read_text(encoding="utf-8").split()) == {"93.184.216.34"}
