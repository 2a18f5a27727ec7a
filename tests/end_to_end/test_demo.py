"""`newsletter demo`: the whole product, against services that are imitated."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from newsletter.cli import app
from newsletter.cli.session import hoist
from newsletter.mailboxes import read_letters

KINDS = {
    *("file", "daily-papers", "arxiv", "biorxiv", "crossref", "semantic-scholar", "openreview"),
    "feed",
}


def demo(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, hoist(["demo", *arguments]))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def test_the_demo_shows_the_round_and_leaves_its_letters_to_be_read(tmp_path: Path) -> None:
    # It waits for the pace of its services, as the product does: some seconds, and no work.
    folder = tmp_path / "news"
    code, out = demo("--into", str(folder), "--now", "2026-11-19T12:00Z", "--json")
    told = json.loads(out)
    assert told["folder"] == str(folder)
    (day,) = told["days"]
    sources = day["collect"]["sources"]
    assert code == 0, sources
    assert {one["kind"] for one in sources} >= KINDS
    assert all(one["fetched"] for one in sources)
    assert day["send"]["sent"] == 3
    assert len(read_letters(folder / "data" / "received")) == 3


def test_serving_goes_by_the_time_of_the_machine() -> None:
    code, _ = demo("--serve", "--now", "2026-11-19T12:00Z")
    assert code == 2


@pytest.mark.parametrize("days", ["0", "15"])
def test_the_world_has_no_more_days_than_it_was_written_for(days: str) -> None:
    assert demo("--days", days)[0] == 2
