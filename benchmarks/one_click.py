"""How many one-click unsubscribes a second do the pages take on one core, while a send is running?

    python -m benchmarks.one_click [PEOPLE] [--seconds N] [--apart] [--loop NAME] [--no-timing]

Everything is real but the readers: `newsletter serve` on loopback with its letters planned and leaving to
a sink, and `wrk` (Debian package wrk), which posts what mail providers post (RFC 8058) with the tokens of
those letters, each once. `serve` with its one sending thread is held on one core, wrk and the sink on the
others. With --apart the pages are a process of their own under uvicorn, held on one core, and sending has
another. Errors are answers other than 200, and people of whom a 200 was given who are not unsubscribed.

Then the time of the answer is compared for tokens that are ours and tokens that are not, by the
Mann-Whitney test (see `one_click_timing`).
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.one_click_timing import compare
from benchmarks.throughput_limit import open_sink
from benchmarks.throughput_stage import Stage
from newsletter.bootstrap import open_newsroom
from newsletter.model import OutboxState, SubscriptionState
from newsletter.rules.addresses import TokenPurpose, letter_token

ROOT: Final = Path(__file__).parents[1]
PEOPLE: Final = 12_000
SECONDS: Final = 6
CONNECTIONS: Final = 150
ENTRIES: Final = 5
TIMED: Final = 120
_PATIENCE_S: Final = 120
_UNDER_WAY: Final = 100
"""Letters that have left when we begin to press: the program has read all documents by then."""
_TICKS: Final = os.sysconf("SC_CLK_TCK")

SCRIPT: Final = """
local tokens, at = {}, 0
for line in io.lines(os.getenv("TOKENS")) do tokens[#tokens + 1] = line end
local headers = {["Content-Type"] = "application/x-www-form-urlencoded"}
local body, wrong = "List-Unsubscribe=One-Click", 0
local threads = {}
function setup(thread) threads[#threads + 1] = thread end
function request()
  at = at + 1
  return wrk.format("POST", "/unsubscribe/" .. tokens[(at - 1) % #tokens + 1], headers, body)
end
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "us": %d, "statuses": %d, "sockets": %d, "p50": %d, "p99": %d, "most": %d}\\n',
    summary.requests, summary.duration, e.status, e.connect + e.read + e.write + e.timeout,
    latency:percentile(50), latency:percentile(99), latency.max))
end
"""


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of one run."""

    people: int = PEOPLE
    seconds: int = SECONDS
    apart: bool = False
    loop: str = "auto"
    timing: bool = True


def run(options: Options | None = None) -> None:
    """Plan letters, send them and press meanwhile, print."""
    options = options or Options()
    if shutil.which("wrk") is None:
        print("  skipped: wrk is not installed (Debian package wrk)")
        return
    with tempfile.TemporaryDirectory() as scratch, open_sink() as port:
        stage = Stage(Path(scratch) / "news", options.people, shown=ENTRIES)
        with stage.set(port) as config:
            _one_sender(config)
            _press(options, config, _tokens(config), Path(scratch))
        if options.timing:
            with stage.set(port) as config:
                _one_sender(config)
                _compare(options, config, _tokens(config), Path(scratch))


def _one_sender(config: Path) -> None:
    """Let letters leave from the process of the pages; and from the start, without a look at all documents.

    So many that are gone at once are not taken for deleted: what they said stays in force.
    """
    for path in (config.parent / "subscribers").glob("*.yaml"):
        path.unlink()
    text = config.read_text("utf-8")
    text = text.replace("  connections:", "  workers: 1\n  connections:", 1)
    config.write_text(f"{text}\nweb: {{proxies: [127.0.0.1]}}\n", "utf-8")


def _tokens(config: Path) -> list[str]:
    """Return the tokens of all letters, those that leave last first: some leave while we press."""
    with open_newsroom(config) as room:
        items = room.outbox.find(limit=None)
        secrets = room.press.secrets
        return [
            letter_token(TokenPurpose.UNSUBSCRIBE, one.edition, secrets)
            for one in items
            if one.edition
        ]


def _press(options: Options, config: Path, tokens: list[str], scratch: Path) -> None:
    (scratch / "tokens").write_text("\n".join(tokens), "utf-8")
    (scratch / "press.lua").write_text(SCRIPT, "utf-8")
    with _pages(config, options, scratch) as (url, process):
        _leave_one_core_to(process.pid)
        _wait_until(lambda: _sent(config) > _UNDER_WAY)
        before_s, sent_before = _computed_s(process.pid), _sent(config)
        result = _wrk(url, options, scratch)
        computed_s, sent = _computed_s(process.pid) - before_s, _sent(config) - sent_before
    _report(options, result, computed_s, sent)
    _check(config, tokens, result)


def _compare(options: Options, config: Path, tokens: list[str], scratch: Path) -> None:
    """Compare times when all letters have left, so that they disturb none of them."""
    with _pages(config, options, scratch) as (url, _):
        _wait_until(partial(_rests, config))
        compare(url, tokens[: 2 * TIMED], TIMED)


@contextmanager
def _pages(
    config: Path, options: Options, scratch: Path
) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Start the program, and yield where its pages are and the process that shows them."""
    log = scratch / "serve.log"
    program = [sys.executable, "-m", "newsletter", "--config", str(config)]
    with _started([*program, "serve", "--port", "0"], log) as serving:
        url = _address(log, r"Pages: (\S+)")
        if not options.apart:
            yield url, serving
            return
        log = scratch / "pages.log"
        words = [sys.executable, "-m", "uvicorn", "--factory", "newsletter.web:asgi", "--port", "0"]
        words += ["--no-access-log", "--loop", options.loop]
        with _started(words, log, NEWSLETTER_CONFIG=str(config)) as pages:
            yield _address(log, r"running on (http://[\d.:]+)"), pages


@contextmanager
def _started(words: list[str], log: Path, **more: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a program that writes into a file: nobody reads a pipe while we press, and it would fill."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **more}
    with log.open("wb") as told:
        process = subprocess.Popen(
            words, stdout=told, stderr=subprocess.STDOUT, env=environment, cwd=ROOT
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE_S)


def _address(log: Path, pattern: str) -> str:
    _wait_until(lambda: re.search(pattern, log.read_text("utf-8")) is not None)
    found = re.search(pattern, log.read_text("utf-8"))
    assert found
    return found[1]


def _leave_one_core_to(pid: int) -> None:
    """Hold a process with all its threads on the first core, and what runs beside it on the others."""
    cores = sorted(os.sched_getaffinity(0))
    for thread in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), cores[:1])
    os.sched_setaffinity(0, cores[1:] or cores)


def _computed_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _sent(config: Path) -> int:
    with open_newsroom(config) as room:
        return room.outbox.accounting().sent


def _rests(config: Path) -> bool:
    """Whether nothing leaves any more, so that it disturbs nobody's time."""
    before = _sent(config)
    time.sleep(2)
    return _sent(config) == before > _UNDER_WAY


def _wait_until(is_so: Callable[[], bool]) -> None:
    begun = time.monotonic()
    while not is_so():
        assert time.monotonic() - begun < _PATIENCE_S, "nothing leaves"
        time.sleep(0.2)


def _wrk(url: str, options: Options, scratch: Path) -> dict[str, Any]:
    words = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{options.seconds}s",
        "--latency",
        "--timeout",
        "10s",
    ]
    words += ["-s", str(scratch / "press.lua"), url]
    environment = {**os.environ, "TOKENS": str(scratch / "tokens")}
    done = subprocess.run(words, check=True, capture_output=True, text=True, env=environment)
    line = next(one for one in done.stdout.splitlines() if one.startswith("RESULT "))
    return dict(json.loads(line.removeprefix("RESULT ")))


def _report(options: Options, result: dict[str, Any], computed_s: float, sent: int) -> None:
    seconds = result["us"] / 1e6
    where = "pages apart" if options.apart else "serve, sending itself"
    print(
        f"  {where}: {result['requests'] / seconds:,.0f} POSTs/s for {seconds:.1f} s, "
        f"{CONNECTIONS} connections; {sent:,} letters left meanwhile ({sent / seconds:,.0f}/s); "
        f"load {os.getloadavg()[0]:.1f}"
    )
    print(
        f"  answers other than 200: {result['statuses']}, failed connections: {result['sockets']}; "
        f"ms: median {result['p50'] / 1e3:.0f}, 99% {result['p99'] / 1e3:.0f}, "
        f"most {result['most'] / 1e3:.0f}"
    )
    used = computed_s / seconds
    each_us = computed_s / result["requests"] * 1e6
    print(
        f"  processor: {used:.2f} of one core, {each_us:,.0f} µs a POST with all that was sent meanwhile"
    )


def _check(config: Path, tokens: list[str], result: dict[str, Any]) -> None:
    """Compare what was answered with what the database says."""
    pressed = min(result["requests"], len(tokens))
    with open_newsroom(config) as room:
        states = [one.state for one in room.subscribers.all()]
        waiting = sum(
            one.state in {OutboxState.QUEUED, OutboxState.DEFERRED} and one.edition is not None
            for one in room.outbox.find(limit=None)
        )
    gone = states.count(SubscriptionState.UNSUBSCRIBED)
    print(
        f"  unsubscribed: {gone:,}; at least {pressed:,} were told so; letters waiting: {waiting:,}"
    )
    assert gone >= pressed


def _read_options() -> Options:
    parser = argparse.ArgumentParser(description="How many one-click unsubscribes a second?")
    parser.add_argument("people", nargs="?", type=int, default=PEOPLE)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--apart", action="store_true")
    parser.add_argument("--loop", default="auto")
    parser.add_argument("--no-timing", dest="timing", action="store_false")
    told = parser.parse_args()
    return Options(told.people, told.seconds, told.apart, told.loop, told.timing)


if __name__ == "__main__":
    run(_read_options())
