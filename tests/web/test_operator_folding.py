"""Ten alarms of one kind are one line; states are told in words; a person's next letter is there."""

import re
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from starlette.applications import Starlette

from newsletter.model import SourceName, SourceReport, SourceState
from newsletter.web import make_app
from newsletter.web.operating.folding import bundles_of
from newsletter.workflows import Alarm, Concern, Overview, SourceLine, Worry
from tests.web.operator_desk import NOW, TOKEN, FakeDesk, an_overview, site_with

Serve = Callable[[Starlette], httpx.Client]


def stale(count: int) -> Overview:
    """Return an overview in which so many sources repeat an old list."""
    names = [SourceName(f"source-{number}") for number in range(count)]
    lines = tuple(
        SourceLine(name, "feed", SourceReport(name, "feed", SourceState.STALE), NOW, 0)
        for name in names
    )
    alarms = [Alarm(f"source {name} repeats an old list", f"ask {name}") for name in names]
    worries = tuple(Worry(Concern.SOURCE, one) for one in alarms)
    disk = Worry(Concern.DISK, Alarm("the disk is full", "make room"))
    return replace(an_overview(), sources=lines, worries=(disk, *worries))


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def client(serve: Serve, desk: FakeDesk) -> httpx.Client:
    client = serve(make_app(site_with(desk)))
    assert client.post("/operator/login", data={"token": TOKEN}).status_code == 303
    return client


def test_few_alarms_stand_one_by_one() -> None:
    disk, sources = bundles_of(stale(2))
    assert (disk.heading, sources.heading) == ("", "")
    assert len(sources.alarms) == 2


@pytest.mark.parametrize(
    ("count", "names"),
    [
        (3, "source-0, source-1 and source-2"),
        (5, "source-0, source-1, source-2, source-3 and source-4"),
        (10, "source-0, source-1, source-2, source-3 and 6 more"),
    ],
)
def test_many_alarms_of_one_kind_are_one_line(count: int, names: str) -> None:
    _, sources = bundles_of(stale(count))
    assert sources.heading == f"{count} sources failed or repeat an old list: {names}"
    assert len(sources.alarms) == count


def test_alarms_without_names_are_counted() -> None:
    worries = tuple(Worry(Concern.ASIDE, Alarm(f"fact {one}", "look")) for one in range(4))
    (bundle,) = bundles_of(replace(an_overview(), worries=worries))
    assert bundle.heading == "4 alarms of one kind"


def test_the_page_folds_them_and_keeps_each_with_its_remedy(
    client: httpx.Client, desk: FakeDesk
) -> None:
    desk.shown = stale(10)
    text = client.get("/operator").text
    summary = re.search(r"<summary>(.*?)</summary>", text)
    assert summary
    assert "10 sources failed or repeat an old list" in summary[1]
    assert text.count("repeats an old list") == 10
    assert "ask source-9" in text
    assert len(client.get("/operator?format=json").json()["worries"]) == 11


def test_states_are_told_in_words(client: httpx.Client) -> None:
    text = client.get("/operator/deliveries").text
    for words in ("waits its turn", "is being sent", "waits for another try", "in trouble"):
        assert words in text
    assert not re.search(r">\s*(queued|claimed|in-data|deferred)\s*<", text)


def test_a_person_is_shown_with_cadence_and_next_slots(client: httpx.Client) -> None:
    text = client.get("/operator/subscribers/a1").text
    assert "asked, not confirmed yet" in text
    assert "nothing new" in text
    assert "nothing-new" not in text
    assert "vouched for" in text
    assert "Monday to Friday at 07:30" in text
    assert "Monday, 23 November 2026 at 07:30" in text
