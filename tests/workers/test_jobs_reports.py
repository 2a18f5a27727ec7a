"""A worker says that it lives and what it does: to others, to Prometheus, to its log and a collector."""

import asyncio
import os
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue
from typing import NoReturn
from urllib.parse import urlsplit

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from prometheus_client.parser import text_string_to_metric_families

from newsletter import __version__
from newsletter.errors import ConfigError, StorageError
from newsletter.model import WorkerKind, WorkerReport
from newsletter.rules.exposition import TEXT, write
from newsletter.storage import StoredWorkforce, open_database
from newsletter.testing.workforce import MemoryWorkforce
from newsletter.workers import (
    Badge,
    Board,
    Herald,
    MakeSpan,
    log_fields,
    logging_about,
    no_span,
    read_place,
    spans_of,
    tracing,
    watched,
    worker_families,
)
from newsletter.workers.jobs.threads import in_thread
from newsletter.workers.spans import ENDPOINT

PATIENCE_S = 20


def now() -> datetime:
    return datetime.now(UTC)


class Listening(MemoryWorkforce):
    """Tells of each report and each that leaves; fails as long as it is told to."""

    def __init__(self) -> None:
        super().__init__(now)
        self.is_away = False
        self.tried = threading.Semaphore(0)
        self.left = threading.Event()

    def report(self, worker: WorkerReport) -> None:
        try:
            if self.is_away:
                message = "the server cannot be reached"
                raise StorageError(message)
            super().report(worker)
        finally:
            self.tried.release()

    def leave(self, name: str) -> None:
        super().leave(name)
        self.left.set()


@pytest.fixture
def board() -> Board:
    """A board on which one job is done, one failed and one is under way."""
    board = Board()
    with board.at_work(1, "look", ""):
        assert [one.job for one in board.doing()] == [1]
    with pytest.raises(ValueError, match="no"), board.at_work(2, "collect-source", "source=x"):
        fail()
    board.count_letter("accept")
    board.count_letter("accept")
    return board


def fail() -> NoReturn:
    message = "no"
    raise ValueError(message)


def test_a_badge_says_who_a_process_is_and_is_never_given_twice() -> None:
    one, other = (Badge(WorkerKind.WORKER, ["letters"]) for _ in range(2))
    assert (one.pid, one.host) == (os.getpid(), socket.gethostname())
    assert one.queues == {"letters"}
    assert one.name != other.name


def test_a_process_reports_what_it_does_and_leaves_at_the_end(board: Board) -> None:
    workforce = Listening()
    badge = Badge(WorkerKind.WORKER, ["letters"])
    herald = Herald(workforce, badge, board.doing, board.figures, every_s=0.01)
    with board.at_work(3, "deliver-batch", ""), herald.reporting():
        assert all(workforce.tried.acquire(timeout=PATIENCE_S) for _ in range(3))
        (report,) = workforce.workers()
        assert herald.is_heard()
    assert (report.name, report.version, report.kind) == (badge.name, __version__, "worker")
    assert [(one.work, one.job) for one in report.doing] == [("deliver-batch", 3)]
    assert report.figures.done == {"look": 1}
    assert report.figures.failed == {"collect-source": 1}
    assert report.figures.letters == {"accept": 2}
    assert workforce.left.wait(PATIENCE_S)
    assert not workforce.workers()


def test_a_database_that_is_away_ends_nothing_and_is_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    workforce = Listening()
    workforce.is_away = True
    herald = Herald(workforce, Badge(WorkerKind.SERVE), every_s=0.01)
    with herald.reporting():
        assert all(workforce.tried.acquire(timeout=PATIENCE_S) for _ in range(3))
        assert not herald.is_heard()
        workforce.is_away = False
        assert all(workforce.tried.acquire(timeout=PATIENCE_S) for _ in range(3))
        assert herald.is_heard()
    said = [record.getMessage() for record in caplog.records]
    assert said == ["this process cannot report itself: the server cannot be reached"]


def test_a_report_that_hangs_keeps_no_program_from_its_end() -> None:
    hangs, is_over = threading.Event(), threading.Event()

    class Hanging(Listening):
        def report(self, worker: WorkerReport) -> None:
            del worker
            hangs.set()
            is_over.wait(PATIENCE_S)

    with Herald(Hanging(), Badge(WorkerKind.WORKER)).reporting():
        assert hangs.wait(PATIENCE_S)
    is_over.set()


def test_serve_on_sqlite_is_one_row(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'news.db'}")
    database.migrate()
    workforce = StoredWorkforce(database)
    herald = Herald(workforce, Badge(WorkerKind.SERVE))
    herald.report()
    herald.report()
    (report,) = workforce.workers()
    assert (report.kind, report.queues) == (WorkerKind.SERVE, frozenset())
    assert abs(now() - report.seen_at) < timedelta(minutes=1)
    database.close()


def numbers_of(board: Board) -> dict[tuple[str, str], float]:
    """Return the numbers as Prometheus reads them, by name and labels."""
    text = write(worker_families(board), TEXT)
    return {
        (sample.name, " ".join(sorted(sample.labels.values()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_numbers_of_a_worker_are_what_it_did(board: Board) -> None:
    with board.lanes_open(), board.at_work(3, "deliver-batch", ""):
        numbers = numbers_of(board)
    assert numbers["newsletter_worker_jobs_total", "done look"] == 1
    assert numbers["newsletter_worker_jobs_total", "collect-source failed"] == 1
    assert numbers["newsletter_worker_jobs_under_way", "deliver-batch"] == 1
    assert numbers["newsletter_worker_jobs_under_way", "look"] == 0
    assert numbers["newsletter_worker_letters_total", "accept"] == 2
    assert numbers["newsletter_worker_job_seconds_count", "look"] == 1
    assert numbers["newsletter_worker_job_seconds_bucket", "+Inf look"] == 1
    assert numbers["newsletter_worker_lanes_open", ""] == 1
    assert numbers["newsletter_worker_lane_restarts_total", ""] == 0
    with board.lanes_open():
        pass
    numbers = numbers_of(board)
    assert numbers["newsletter_worker_lanes_open", ""] == 0
    assert numbers["newsletter_worker_lane_restarts_total", ""] == 1


@pytest.fixture
def troubles() -> list[str]:
    """What keeps the worker from its work."""
    return []


@pytest.fixture
def url(board: Board, troubles: list[str]) -> Iterator[str]:
    with watched(
        ("127.0.0.1", 0), lambda: worker_families(board), lambda: "".join(troubles)
    ) as url:
        yield url


def get(url: str, path: str, **headers: str) -> tuple[int, str, str]:
    """Return status, media type and text of an answer."""
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE_S)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers["Content-Type"], answer.read().decode()
    finally:
        connection.close()


def test_programs_can_read_the_numbers_of_a_worker(url: str) -> None:
    status, media_type, text = get(url, "/metrics?x=1")
    assert (status, media_type) == (200, TEXT)
    assert 'newsletter_worker_letters_total{event="accept"} 2' in text
    _, media_type, text = get(url, "/metrics", Accept="application/openmetrics-text")
    assert media_type.startswith("application/openmetrics-text")
    assert text.endswith("# EOF\n")
    assert get(url, "/")[0] == 404


def test_health_tells_why_a_worker_cannot_work(url: str, troubles: list[str]) -> None:
    assert get(url, "/healthz")[::2] == (200, "ok\n")
    troubles.append("the database is away")
    assert get(url, "/healthz")[::2] == (503, "the database is away\n")


def test_nobody_is_told_what_the_pages_are_served_with(url: str) -> None:
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE_S)
    connection.request("POST", "/metrics")
    answer = connection.getresponse()
    assert answer.status == 501
    assert "ython" not in (answer.headers["Server"] or "")
    connection.close()


def test_who_keeps_all_lines_busy_is_not_given_another(url: str) -> None:
    place = urlsplit(url)
    busy = [socket.create_connection((place.hostname, place.port)) for _ in range(8)]
    for one in busy:  # each waits for the rest of a question
        one.sendall(b"GET /healthz HTTP/1.0\r\n")
    with socket.create_connection((place.hostname, place.port), timeout=PATIENCE_S) as late:
        assert late.recv(100) == b""
    for one in busy:
        one.sendall(b"\r\n")
        assert b"200" in one.recv(100)
        one.close()


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("9464", ("127.0.0.1", 9464)),
        ("0", ("127.0.0.1", 0)),
        (":9464", ("127.0.0.1", 9464)),
        ("10.0.0.7:9464", ("10.0.0.7", 9464)),
        ("[::1]:9464", ("::1", 9464)),
    ],
)
def test_a_place_for_numbers_is_a_port_and_perhaps_a_host(
    written: str, place: tuple[str, int]
) -> None:
    assert read_place(written) == place


@pytest.mark.parametrize("written", ["", "here", "65536", "host:", "-1", "٣"])
def test_what_is_no_place_is_refused(written: str) -> None:
    with pytest.raises(ConfigError, match="is no place"):
        read_place(written)


def test_a_place_that_is_taken_is_named(url: str, board: Board) -> None:
    port = urlsplit(url).port or 0
    with (
        pytest.raises(ConfigError, match=f"port {port}: Address already in use"),
        watched(("127.0.0.1", port), lambda: worker_families(board), str),
    ):
        pass


def test_what_is_worked_on_goes_along_into_threads_and_tasks() -> None:
    async def work() -> dict[str, str]:
        with logging_about(source="blog"):
            return dict(await in_thread(log_fields, "a thread"))

    with logging_about(job=7, work="look"):
        assert asyncio.run(work()) == {"job": "7", "work": "look", "source": "blog"}
    assert not log_fields()


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def span(spans: InMemorySpanExporter) -> Iterator[MakeSpan]:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    yield spans_of(provider)
    provider.shutdown()


def test_a_round_inside_of_a_job_is_a_span_inside_of_its_span(
    spans: InMemorySpanExporter, span: MakeSpan
) -> None:
    async def job() -> None:
        def round_() -> None:
            with span("delivery round"):
                pass

        with span("deliver-batch", job=7, work="deliver-batch"):
            await in_thread(round_, "a thread")

    asyncio.run(job())
    inner, outer = spans.get_finished_spans()
    assert (inner.name, outer.name) == ("delivery round", "deliver-batch")
    assert outer.context
    assert inner.parent
    assert inner.parent.span_id == outer.context.span_id
    assert dict(outer.attributes or {}) == {
        "newsletter.job": "7",
        "newsletter.work": "deliver-batch",
    }


def test_a_span_says_what_kind_of_error_it_was_and_never_its_words(
    spans: InMemorySpanExporter, span: MakeSpan
) -> None:
    with pytest.raises(ValueError, match="no"), span("look"):
        fail()
    (one,) = spans.get_finished_spans()
    assert (one.status.status_code, one.status.description) == (StatusCode.ERROR, "ValueError")
    assert not one.events


def test_nothing_is_traced_unless_a_collector_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENDPOINT, raising=False)
    with tracing("one") as span:
        assert span is no_span
        with span("look", job=1):
            pass


@pytest.fixture
def collector() -> Iterator[tuple[str, "Queue[tuple[str, bytes]]"]]:
    """A collector of spans: its address, and what it is given and where."""
    given: Queue[tuple[str, bytes]] = Queue()

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            given.put((self.path, self.rfile.read(size)))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", given
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_collector_is_given_the_last_spans_at_the_end(
    monkeypatch: pytest.MonkeyPatch, collector: tuple[str, "Queue[tuple[str, bytes]]"]
) -> None:
    url, given = collector
    monkeypatch.setenv(ENDPOINT, url)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
    with tracing("one-12-ab") as span, span("look", job=31):
        pass
    path, spans = given.get(timeout=PATIENCE_S)
    assert path == "/v1/traces"
    assert all(word in spans for word in (b"look", b"newsletter.job", b"31", b"one-12-ab"))


def test_a_collector_that_is_away_keeps_nothing_from_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(ENDPOINT, "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    with tracing("one") as span, span("look", job=1):
        assert span is not no_span
