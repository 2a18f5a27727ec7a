"""What Prometheus is told, and whether the program is ready."""

from collections.abc import Callable, Iterable

import httpx
import pytest
from prometheus_client import openmetrics, parser
from prometheus_client.openmetrics import parser as openmetrics_parser
from starlette.applications import Starlette

from newsletter.rules.exposition import (
    OPENMETRICS,
    TEXT,
    Family,
    Kind,
    Sample,
    gauge,
    gauges,
    write,
)
from newsletter.web import make_app
from newsletter.web.metrics.traffic import HttpTraffic
from tests.web.operator_desk import TOKEN, FakeDesk, site_with

Serve = Callable[[Starlette], httpx.Client]
assert openmetrics

ASKS_FOR_OPENMETRICS = {"Accept": "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"}


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


def read(answer: httpx.Response) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Return the samples as a real parser reads them."""
    is_open = answer.headers["content-type"].startswith("application/openmetrics-text")
    parse = openmetrics_parser if is_open else parser
    families: Iterable[object] = parse.text_string_to_metric_families(answer.text)
    return {
        (one.name, frozenset(one.labels.items())): one.value
        for family in families
        for one in family.samples  # type: ignore[attr-defined]
    }


@pytest.mark.parametrize("headers", [{}, ASKS_FOR_OPENMETRICS], ids=["text", "openmetrics"])
def test_a_real_parser_reads_the_numbers(
    desk: FakeDesk, serve: Serve, headers: dict[str, str]
) -> None:
    client = serve(make_app(site_with(desk)))
    client.get("/healthz")
    client.get("/no/such/page")
    answer = client.get("/metrics", headers=headers)
    assert answer.headers["content-type"] == (OPENMETRICS if headers else TEXT)
    found = read(answer)

    def number(name: str, **labels: str) -> float:
        return found[name, frozenset(labels.items())]

    assert number("newsletter_messages", state="sent") == 1_000
    assert number("newsletter_messages_planned") == 1_200
    assert number("newsletter_accounting_adds_up") == 1
    assert number("newsletter_queue_age_seconds") == 3 * 3600
    assert number("newsletter_overview_age_seconds") == 42
    assert number("newsletter_letters_today", state="sent") == 40
    assert number("newsletter_silences_today", reason="nothing-new") == 5
    assert number("newsletter_source_state", source="arxiv", state="failed") == 1
    assert number("newsletter_source_held", source="arxiv") == 7
    assert number("newsletter_source_last_success_timestamp_seconds", source="arxiv") > 1e9
    assert number("newsletter_lane_closed", lane="domain example.net") == 1
    assert number("newsletter_lanes", state="slowed") == 1
    assert number("newsletter_subscribers", state="confirmed") == 900
    assert number("newsletter_suppressed_addresses", cause="by-hand") == 1
    assert number("newsletter_alarms", about="disk") == 1
    assert number("newsletter_http_requests_total", route="/healthz", status="200") == 1
    assert number("newsletter_http_requests_total", route="none", status="404") == 1
    assert number("newsletter_http_request_seconds_count", route="/healthz") == 1
    assert number("newsletter_http_request_seconds_bucket", route="/healthz", le="+Inf") == 1
    assert number("process_cpu_seconds_total") > 0


def test_no_label_holds_an_address_or_a_token(desk: FakeDesk, serve: Serve) -> None:
    client = serve(make_app(site_with(desk)))
    client.get("/unsubscribe/secrettoken")
    client.get("/confirm/secrettoken")
    client.get("/operator/subscribers/a1?q=ada@example.org")
    client.get("/static/abc/secrettoken")
    text = client.get("/metrics").text
    assert "secrettoken" not in text
    assert "@" not in text
    assert 'route="/confirm/{token}"' in text


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_who_is_passed_on_must_bring_the_token(desk: FakeDesk, serve: Serve, header: str) -> None:
    client = serve(make_app(site_with(desk, proxies=["127.0.0.1"])))
    passed_on = {header: "198.51.100.9"}
    assert client.get("/metrics", headers=passed_on).status_code == 401
    right = {**passed_on, "Authorization": f"Bearer {TOKEN}"}
    assert client.get("/metrics", headers=right).status_code == 200
    wrong = {**passed_on, "Authorization": "Bearer guess"}
    answers = [client.get("/metrics", headers=wrong).status_code for _ in range(7)]
    assert (answers[0], answers[-1]) == (401, 429)


def test_without_a_token_only_our_own_machines_are_told(desk: FakeDesk, serve: Serve) -> None:
    client = serve(make_app(site_with(desk, token=None)))
    assert client.get("/metrics").status_code == 200
    passed_on = {"X-Forwarded-For": "198.51.100.9", "Authorization": "Bearer x"}
    assert client.get("/metrics", headers=passed_on).status_code == 401


def test_numbers_that_cannot_be_counted_are_trouble(desk: FakeDesk, serve: Serve) -> None:
    client = serve(make_app(site_with(desk)))
    desk.is_broken = True
    answer = client.get("/metrics")
    assert answer.status_code == 503
    assert "secret" not in answer.text


def test_ready_is_ready_and_else_says_why(desk: FakeDesk, serve: Serve) -> None:
    assert serve(make_app(site_with(desk))).get("/readyz").json() == {"status": "ready"}
    desk.reasons = ("scheduler: does not run",)
    answer = serve(make_app(site_with(desk))).get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "reasons": ["scheduler: does not run"]}
    desk.is_broken = True
    client = serve(make_app(site_with(desk)))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "secret" not in answer.text
    assert client.get("/healthz").status_code == 200, "alive it is"


def test_a_nasty_label_is_escaped() -> None:
    nasty = 'a"b\\c\nd'
    family = gauges("x", "with \\ and \n", "name", [(nasty, 1.5)])
    for media_type, parse in ((TEXT, parser), (OPENMETRICS, openmetrics_parser)):
        text = write([family], media_type)
        (read_again,) = parse.text_string_to_metric_families(text)
        (sample,) = read_again.samples
        assert sample.labels == {"name": nasty}
        assert sample.value == 1.5


def test_families_without_a_number_are_left_out() -> None:
    empty = Family("x", Kind.GAUGE, "Nothing.", ())
    assert write([empty, gauge("y", "One.", 1)], TEXT) == "# HELP y One.\n# TYPE y gauge\ny 1\n"
    assert write([], OPENMETRICS) == "# EOF\n"
    assert write([], TEXT) == ""


def test_times_are_counted_below_each_bound() -> None:
    traffic = HttpTraffic()
    for seconds in (0.004, 0.005, 0.3, 99.0):
        traffic.note("/x", 200, seconds)
    _, times = traffic.families()
    counts = {one.labels["le"]: one.value for one in times.samples if one.suffix == "_bucket"}
    assert (counts["0.005"], counts["0.25"], counts["0.5"], counts["10"], counts["+Inf"]) == (
        2,
        2,
        3,
        3,
        4,
    )
    (total,) = [one for one in times.samples if one.suffix == "_sum"]
    assert total == Sample(99.309, {"route": "/x"}, "_sum")
