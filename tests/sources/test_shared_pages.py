"""Real pages, where a copy of them is at hand."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.model import NewEntry, PullOrder, SourceName
from newsletter.rules.identity import reconcile
from newsletter.sources import SavedPageSource


@pytest.fixture
def pages() -> Path:
    beside = Path(__file__).parents[3] / "shared"
    folder = Path(os.environ.get("NEWSLETTER_SHARED", beside)) / "data" / "daily-papers"
    if not folder.is_dir():
        pytest.skip("the shared pages are not here; NEWSLETTER_SHARED can name their folder")
    return folder


def test_every_entry_of_three_real_pages_is_found_and_repeated_papers_are_one(pages: Path) -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    sources = [
        SavedPageSource(SourceName("pages"), path.name, pages)
        for path in sorted(pages.glob("*.txt"))
    ]

    pulls = [source.pull(PullOrder(now)) for source in sources]

    entries = [entry.content for pull in pulls for entry in pull.entries]
    assert [len(pull.entries) for pull in pulls] == [47, 105, 51]
    assert not [problem for pull in pulls for problem in pull.problems]
    assert all(entry.abstract for entry in entries)
    assert sum(entry.author_count is not None for entry in entries) == 46 + 43
    assert [entry.organization for entry in entries if entry.organization] == ["Amazon"] * 2
    assert sum(entry.published_on is not None for entry in entries) == 47 + 44
    assert sum(entry.comments is not None for entry in entries) == 7 + 17
    changes = reconcile([entry for pull in pulls for entry in pull.entries], {})
    assert len(changes) == 186
    assert all(isinstance(change, NewEntry) for change in changes)
