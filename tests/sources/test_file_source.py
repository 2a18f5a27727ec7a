"""Entries that an operator writes: JSONL, YAML and CSV."""

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from newsletter.model import EntryContent, FetchedEntry, Link, LinkKind, PullOrder, SourceName
from newsletter.sources import FileSource

NOW = datetime(2026, 5, 1, tzinfo=UTC)

YAML = """
# What the desk found this week.
entries:
  - id: silt-1
    title: "Silt in small harbours: a model"
    abstract: |
      Silt fills small harbours.
      We say how fast.

      A dredger helps.
    tldr: It fills up.
    authors: [Mira Holm, Ivar Ek]
    author_count: 4
    organization: Harbour Lab
    published_on: 2026-05-01
    comments: 3
    upvotes: 0
    links: {page: https://example.org/silt, code: https://example.org/silt.git}
    categories: [physics.geo-ph, no]
    doi: https://doi.org/10.1000/ABC
    language: en-GB
  - title: 2026
    authors: Mira Holm; Ivar Ek
    abstract: null
    comments: ~
"""
CSV = """id,title,abstract,authors,author_count,organization,published_on,comments,upvotes,page,code,\
categories,doi,language,tldr
silt-1,Silt in small harbours: a model,"Silt fills small harbours.
We say how fast.

A dredger helps.",Mira Holm; Ivar Ek,4,Harbour Lab,2026-05-01,3,0,https://example.org/silt,\
https://example.org/silt.git,physics.geo-ph;no,doi:10.1000/abc,en-GB,It fills up.
,2026,,Mira Holm;Ivar Ek

"""
EXPECTED = (
    FetchedEntry(
        SourceName("desk"),
        "silt-1",
        EntryContent(
            title="Silt in small harbours: a model",
            abstract="Silt fills small harbours. We say how fast.\n\nA dredger helps.",
            tldr="It fills up.",
            authors=("Mira Holm", "Ivar Ek"),
            author_count=4,
            organization="Harbour Lab",
            published_on=date(2026, 5, 1),
            comments=3,
            upvotes=0,
            links=(
                Link(LinkKind.PAGE, "https://example.org/silt"),
                Link(LinkKind.CODE, "https://example.org/silt.git"),
            ),
            categories=("physics.geo-ph", "no"),
            language="en-GB",
        ),
        doi="10.1000/abc",
    ),
    EntryContent(title="2026", authors=("Mira Holm", "Ivar Ek"), author_count=2),
)
JSONL = "\n".join(
    [
        json.dumps(
            {
                "id": "silt-1",
                "title": "Silt in small harbours: a model",
                "abstract": "Silt fills small harbours.\nWe say how fast.\n \nA dredger helps.",
                "tldr": "It fills up.",
                "authors": ["Mira Holm", "Ivar Ek"],
                "author_count": 4,
                "organization": "Harbour Lab",
                "published_on": "2026-05-01",
                "comments": 3,
                "upvotes": 0,
                "links": {"page": "https://example.org/silt"},
                "code": "https://example.org/silt.git",
                "categories": ["physics.geo-ph", "no"],
                "doi": "10.1000/abc",
                "language": "en-GB",
            }
        ),
        "",
        '{"title": 2026, "authors": "Mira Holm; Ivar Ek", "abstract": null}',
    ]
)


def source(path: Path, *, topics: tuple[str, ...] = ()) -> FileSource:
    return FileSource(SourceName("desk"), path, topics)


def read_lines(folder: Path, *entries: object) -> tuple[FetchedEntry, ...]:
    path = folder / "entries.jsonl"
    path.write_text("\n".join(map(json.dumps, entries)), encoding="utf-8")
    pull = source(path).pull(PullOrder(NOW))
    assert not pull.problems
    return pull.entries


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("entries.yaml", YAML.encode()),
        ("entries.YML", YAML.replace("entries:\n", "").encode()),
        ("entries.csv", CSV.encode()),
        ("excel.csv", b"\xef\xbb\xbf" + CSV.replace("\n", "\r\n").encode()),
        ("entries.jsonl", JSONL.encode()),
        ("entries.jsonl.gz", gzip.compress(JSONL.encode(), mtime=0)),
    ],
)
def test_every_format_says_the_same(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    pull = source(path).pull(PullOrder(NOW))

    assert pull.problems == ()
    assert (pull.entries[0], pull.entries[1].content) == EXPECTED
    assert len(pull.entries) == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", "# nothing yet\n"),
        ("a.yaml", "entries:\n"),
        ("a.jsonl", ""),
        ("a.csv", "title\n"),
    ],
)
def test_a_file_without_entries_is_empty(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")

    pull = source(path).pull(PullOrder(NOW))

    assert (pull.entries, pull.problems) == ((), ())


def test_a_source_gives_its_topics_to_every_entry(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("title\nSilt\n", encoding="utf-8")

    (found,) = source(path, topics=("sea",)).pull(PullOrder(NOW)).entries

    assert found.topics == ("sea",)
    assert source(path).kind == "file"


def test_a_dump_of_arxiv_metadata_is_read_as_it_is(tmp_path: Path) -> None:
    dumped = {
        "id": "2605.00123",
        "categories": ["cs.LG"],
        "pdf": "https://arxiv.org/pdf/2605.00123",
        "abs": "https://arxiv.org/abs/2605.00123",
        "authors": ["Mira Holm"],
        "title": "Silt",
        "comment": "9 pages, 3 figures",
        "summary": "It fills.",
        "first_seen": "2026-05-01",
    }

    (found,) = read_lines(tmp_path, dumped)

    assert found == FetchedEntry(
        SourceName("desk"),
        "2605.00123",
        EntryContent(
            title="Silt",
            abstract="It fills.",
            authors=("Mira Holm",),
            author_count=1,
            published_on=date(2026, 5, 1),
            links=(
                Link(LinkKind.PAGE, "https://arxiv.org/abs/2605.00123"),
                Link(LinkKind.PDF, "https://arxiv.org/pdf/2605.00123"),
            ),
            categories=("cs.LG",),
        ),
        arxiv_id="2605.00123",
    )


@pytest.mark.parametrize(
    ("told", "arxiv_id", "version"),
    [
        ({"arxiv_id": "arXiv:2605.00123v2"}, "2605.00123", 2),
        ({"id": "oai:arXiv.org:2605.00123v1"}, "2605.00123", 1),
        ({"id": "math.GT/0309136"}, "math.GT/0309136", None),
        ({"id": "1001.5"}, None, None),
        ({"url": "http://arxiv.org/abs/2605.00123v3"}, "2605.00123", 3),
        ({"code": "http://arxiv.org/abs/2605.00123v3"}, None, None),
    ],
)
def test_the_arxiv_id_is_found_where_it_stands(
    tmp_path: Path, told: dict[str, str], arxiv_id: str | None, version: int | None
) -> None:
    (found,) = read_lines(tmp_path, {"title": "Silt", **told})

    assert (found.arxiv_id, found.version) == (arxiv_id, version)


def test_a_doi_may_stand_in_the_address_of_the_page(tmp_path: Path) -> None:
    (found,) = read_lines(tmp_path, {"title": "Silt", "link": "https://doi.org/10.1000/ABC"})

    assert found.doi == "10.1000/abc"


@pytest.mark.parametrize(
    ("told", "comments"),
    [
        ({"comment": "5"}, 5),
        ({"comment": 5}, 5),
        ({"comment": "5 pages"}, None),
        ({"comment": "5", "comments": 0}, 0),
        ({"comment": ["odd"]}, None),
    ],
)
def test_a_comment_counts_only_as_a_number(
    tmp_path: Path, told: dict[str, object], comments: int | None
) -> None:
    (found,) = read_lines(tmp_path, {"title": "Silt", **told})

    assert found.content.comments == comments


def test_an_entry_without_id_is_told_by_its_words(tmp_path: Path) -> None:
    first, again, other = read_lines(
        tmp_path,
        {"title": "Notes", "url": "https://example.org/1"},
        {"title": "notes", "url": "https://example.org/1", "upvotes": 2},
        {"title": "Notes", "url": "https://example.org/2"},
    )

    assert first.source_id == again.source_id != other.source_id


def test_texts_are_made_fit_to_show(tmp_path: Path) -> None:
    (found,) = read_lines(
        tmp_path, {"title": " Silt\u202e\x07 \n and\tsalt\ud800 ", "summary": " a\r\nb\r\n\r\n c "}
    )

    assert (found.content.title, found.content.abstract) == ("Silt and salt", "a b\n\nc")


def test_a_text_of_spaces_takes_no_time(tmp_path: Path) -> None:
    (found,) = read_lines(tmp_path, {"title": "Silt", "summary": f"a\n{' ' * 900_000}\nb\n"})

    assert found.content.abstract == "a\n\nb"
