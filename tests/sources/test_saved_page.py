"""The source of saved pages."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.errors import SourceError
from newsletter.model import PullOrder, SourceName
from newsletter.sources import SavedPageSource

NOW = datetime(2026, 2, 3, tzinfo=UTC)
HEADER = "Daily Papers\n\nbyAK and the research community\n\nFeb 3\n\n"
SILT = "Silt fills small harbours. We say how fast it does so, and what a dredger can do about it."


def page(abstract: str = SILT, day: str = "Feb 2 4") -> str:
    return f"{HEADER}Silt\n\n{abstract}\n\n  • 6 authors\n·\n{day}"


def source(
    root: Path, pattern: str = "*.txt", *, year: int | None = None, topics: tuple[str, ...] = ()
) -> SavedPageSource:
    return SavedPageSource(SourceName("pages"), pattern, root, year, topics)


def test_every_page_is_read_in_the_order_of_the_names(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text(page().replace("Silt\n", "Second\n"), encoding="utf-8")
    (tmp_path / "a.txt").write_text(page(), encoding="utf-8")
    (tmp_path / "c.txt").mkdir()

    pull = source(tmp_path, year=2026, topics=("sea",)).pull(PullOrder(NOW))

    assert [found.content.title for found in pull.entries] == ["Silt", "Second"]
    assert {found.source for found in pull.entries} == {"pages"}
    assert {found.topics for found in pull.entries} == {("sea",)}
    assert {found.content.links for found in pull.entries} == {()}
    assert not pull.problems
    assert source(tmp_path).kind == "saved-page"


def test_an_entry_has_one_source_id_on_all_pages(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(page(SILT * 4), encoding="utf-8")
    (tmp_path / "b.txt").write_text(page(f"{SILT * 4} More.", "Feb 2, 2025 9"), encoding="utf-8")
    (tmp_path / "c.txt").write_text(page("Other words."), encoding="utf-8")

    first, second, other = source(tmp_path, year=2026).pull(PullOrder(NOW)).entries

    assert first.source_id == second.source_id != other.source_id


def test_a_pattern_may_be_absolute_or_lead_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "a.txt").write_text(page(), encoding="utf-8")

    for pattern in (f"{tmp_path}/deep/**/*.txt", "../deep/er/a.txt"):
        assert len(source(tmp_path / "root", pattern, year=2026).pull(PullOrder(NOW)).entries) == 1


def test_a_mark_of_byte_order_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf" + page().replace("\n", "\r\n").encode())

    (found,) = source(tmp_path, year=2026).pull(PullOrder(NOW)).entries

    assert found.content.abstract == SILT


def test_one_bad_page_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"Daily Papers\n\xff\n")
    (tmp_path / "b.txt").write_text("Dear all,\n\nhello", encoding="utf-8")
    (tmp_path / "c.txt").write_text(page(), encoding="utf-8")

    pull = source(tmp_path).pull(PullOrder(NOW))

    assert len(pull.entries) == 1
    assert pull.problems == (
        f"{tmp_path}/a.txt:2: is not UTF-8; save the file as UTF-8",
        (
            f"{tmp_path}/b.txt: does not look like a Daily Papers page; save the text that"
            ' "select all, copy" gives in a browser'
        ),
        f"{tmp_path}/c.txt:13: the date has no year; set `year` of this source in config.yaml",
    )


def test_only_bad_pages_fail_the_source(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Dear all,\n\nhello", encoding="utf-8")

    with pytest.raises(SourceError, match="does not look like a Daily Papers page"):
        source(tmp_path).pull(PullOrder(NOW))


def test_no_page_fails_the_source_with_a_remedy(tmp_path: Path) -> None:
    expected = f"{re.escape(str(tmp_path))}/pages.*: no such file; save a page there or correct"

    with pytest.raises(SourceError, match=expected):
        source(tmp_path, "pages/*.txt").pull(PullOrder(NOW))
