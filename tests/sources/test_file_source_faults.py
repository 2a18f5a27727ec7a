"""What is wrong in an operator's file is told with place, key and remedy; the rest is read."""

import gzip
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.errors import SourceError
from newsletter.model import EntryContent, Pull, PullOrder, SourceName
from newsletter.sources import FileSource

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def pull(folder: Path, content: str | bytes, name: str = "entries.jsonl") -> Pull:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return FileSource(SourceName("desk"), path).pull(PullOrder(NOW))


def complaints(folder: Path, content: str | bytes, name: str = "entries.jsonl") -> Sequence[str]:
    """Return what is told, without the folder's name."""
    return [text.replace(f"{folder}/", "") for text in pull(folder, content, name).problems]


def failure(folder: Path, content: str | bytes, name: str = "entries.jsonl") -> str:
    with pytest.raises(SourceError) as raised:
        pull(folder, content, name)
    return str(raised.value).replace(f"{folder}/", "")


def test_broken_lines_are_told_and_the_others_read(tmp_path: Path) -> None:
    lines = [
        b'{"title": "Silt"}',
        b"{no json",
        b"[1, 2]",
        b'{"title": "\xff"}',
        b"[" * 100_000,
        b'{"title": ' + b"9" * 5000 + b"}",
        b'{"title": "' + b"x" * 1024 * 1024 + b'"}',
        b"null",
        b'{"summary": "It fills."}',
        b'{"title": "  "}',
        b'{"title": "Salt"}',
    ]

    found = pull(tmp_path, b"\n".join(lines))

    assert [entry.content.title for entry in found.entries] == ["Silt", "Salt"]
    fix = "write one {…} with a title on each line"
    at = f"{tmp_path}/entries.jsonl"
    assert found.problems == (
        f"{at}:2: is no JSON (Expecting property name enclosed in double quotes); {fix}",
        f"{at}:3: is no entry; {fix} (and 1 more like it)",
        f"{at}:4: is not UTF-8; save the file as UTF-8",
        f"{at}:5: is too deep, or holds a number too long (and 1 more like it)",
        f"{at}:7: is longer than 1 MB; {fix}",
        f"{at}:9: title: is missing; give every entry a title (and 1 more like it)",
    )


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ({"titel": "x"}, 'titel: unknown key; did you mean "title"?'),
        ({"abstract": 1.5}, "abstract: is no text; write it in quotes"),
        ({"abstract": True}, "abstract: is no text; write it in quotes"),
        ({"tldr": ["x"]}, "tldr: is no text; write it in quotes"),
        ({"authors": [{"name": "x"}]}, "authors: is no text; write it in quotes"),
        ({"authors": {"name": "x"}}, "authors: is no text; write it in quotes"),
        ({"comments": "some"}, 'comments: "some" is no count; write a whole number'),
        ({"comments": 2.5}, 'comments: "2.5" is no count; write a whole number'),
        ({"upvotes": -1}, 'upvotes: "-1" is no count; write a whole number'),
        ({"upvotes": 10**9}, 'upvotes: "1000000000" is no count; write a whole number'),
        ({"published_on": "1 May"}, 'published_on: "1 May" is no date; write YYYY-MM-DD'),
        ({"date": "2026-02-30"}, 'date: "2026-02-30" is no date; write YYYY-MM-DD'),
        ({"date": "20260501"}, 'date: "20260501" is no date; write YYYY-MM-DD'),
        (
            {"language": "Danish!"},
            'language: "Danish!" is no language tag; write one like en or pt-BR',
        ),
        ({"arxiv_id": "12"}, 'arxiv_id: "12" is no arXiv id; write one like 2605.01234'),
        ({"doi": "12"}, 'doi: "12" is no DOI; write one like 10.1000/182'),
        ({"url": "ftp://example.org"}, 'url: "ftp://example.org" is no address; write https://…'),
        ({"pdf": "https://"}, 'pdf: "https://" is no address; write https://…'),
        ({"code": "http://[1"}, 'code: "http://[1" is no address; write https://…'),
        ({"page": "https://a@b.org"}, 'page: "https://a@b.org" is no address; write https://…'),
        ({"page": "https://b.org:x"}, 'page: "https://b.org:x" is no address; write https://…'),
        ({"page": 'https://b.org/"x'}, 'page: "https://b.org/"x" is no address; write https://…'),
        (
            {"links": ["https://example.org"]},
            "links: is no mapping of kinds to addresses; write `page: https://…`",
        ),
        (
            {"links": {"project": "javascript:x"}},
            'links.project: "javascript:x" is no address; write https://…',
        ),
        (
            {"links": {"pages": "https://example.org"}},
            'links.pages: unknown kind of link; did you mean "page"?',
        ),
        (
            {"links": {"zzz": "https://example.org"}},
            "links.zzz: unknown kind of link; known are page, pdf, code, project, discussion, media",
        ),
    ],
)
def test_a_bad_value_is_told_and_left_out(
    tmp_path: Path, told: dict[str, object], complaint: str
) -> None:
    found = pull(tmp_path, json.dumps({"title": "Silt", **told}))

    assert found.problems == (f"{tmp_path}/entries.jsonl:1: {complaint}",)
    assert found.entries[0].content == EntryContent("Silt")


def test_texts_and_lists_without_end_are_cut(tmp_path: Path) -> None:
    told = {
        "title": "x" * 1001,
        "abstract": "x" * 20_001,
        "authors": ["y" * 301] + ["z"] * 5000,
        "organization": "o" * 301,
    }

    found = pull(tmp_path, json.dumps(told))

    content = found.entries[0].content
    assert (len(content.title), len(content.abstract or "")) == (1000, 20_000)
    assert (len(content.authors), len(content.authors[0])) == (5000, 300)
    assert len(found.problems) == 4
    assert any("title: is longer than 1000 characters" in told for told in found.problems)


def test_fewer_authors_counted_than_named_is_told(tmp_path: Path) -> None:
    found = pull(tmp_path, '{"title": "Silt", "authors": ["A", "B"], "author_count": 1}')

    assert found.entries[0].content.author_count == 2
    assert "author_count: is less than the 2 authors" in found.problems[0]


def test_an_id_given_twice_is_told_and_both_entries_are_read(tmp_path: Path) -> None:
    found = pull(tmp_path, '{"id": "1", "title": "Silt"}\n{"id": "1", "title": "Salt"}')

    assert len({entry.source_id for entry in found.entries}) == 2
    assert 'entries.jsonl:2: id: "1" is the id of an entry above' in found.problems[0]


def test_what_many_entries_share_is_told_once(tmp_path: Path) -> None:
    told = complaints(tmp_path, "\n".join(['{"title": "Silt", "versions": 1}'] * 400))

    assert len(told) == 1
    assert told[0].startswith("entries.jsonl:1: versions: unknown key; known are id, title,")
    assert told[0].endswith("(and 399 more like it)")


def test_problems_without_end_are_counted(tmp_path: Path) -> None:
    lines = [json.dumps({"title": "Silt", "date": str(number)}) for number in range(130)]

    told = complaints(tmp_path, "\n".join(lines))

    assert len(told) == 101
    assert told[-1] == "entries.jsonl: and 30 more problems"


def test_problems_of_yaml_have_the_line_of_their_key(tmp_path: Path) -> None:
    text = "- title: Silt\n  comments: many\n- Salt\n- title: Rope\n  title: Hemp\n  links:\n    pag: x\n"

    told = complaints(tmp_path, text, "a.yaml")

    assert told == [
        'a.yaml:2: comments: "many" is no count; write a whole number',
        "a.yaml:3: is no entry; write keys and values, with a title",
        "a.yaml:5: title: stands there twice; the last one counts",
        'a.yaml:6: links.pag: unknown kind of link; did you mean "page"?',
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- title: &a Silt\n", "a.yaml:1: anchors and aliases are not allowed"),
        ("- title: x\n- *a\n", "a.yaml:2: anchors and aliases are not allowed"),
        ("- title: !!int 3\n", "a.yaml:1: tags are not allowed"),
        ("- " * 9 + "x\n", "a.yaml:1: is nested more than 8 deep"),
        ("[" * 5000, "a.yaml:1: is nested more than 8 deep"),
        ("- title: 'x\n", "a.yaml:2: is no YAML"),
        ("- title: \x00\n", "a.yaml: is no YAML"),
        ("- a\n---\n- b\n", "a.yaml:2: is no YAML"),
        ("just text\n", "a.yaml: is no list of entries; write `entries:`"),
        ("title: Silt\n", "a.yaml: is no list of entries"),
        ("entries: Silt\n", "a.yaml: is no list of entries"),
    ],
)
def test_a_yaml_file_of_another_kind_fails_the_source(
    tmp_path: Path, text: str, expected: str
) -> None:
    assert failure(tmp_path, text, "a.yaml").startswith(expected)


def test_a_table_tells_its_faults(tmp_path: Path) -> None:
    assert complaints(tmp_path, "title,doi\nSilt,,and more\n\n", "a.csv") == [
        "a.csv:2: has more columns than the first row; put texts with commas in double quotes"
    ]
    assert complaints(tmp_path, f"title\nSilt\n{'x' * 200_000}\nSalt\n", "b.csv") == [
        "b.csv:3: is no CSV (field larger than field limit (131072)); what follows is left out"
    ]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", b"", "a.txt: its name does not tell the format; let it end in one of .jsonl"),
        ("a.jsonl.gz", b"plain", "a.jsonl.gz: is no whole gzip file"),
        (
            "b.jsonl.gz",
            gzip.compress(b"x" * 999, mtime=0)[:-9],
            "b.jsonl.gz: is no whole gzip file",
        ),
        (
            "c.jsonl.gz",
            gzip.compress(b"\n" * 67_108_865, mtime=0),
            "c.jsonl.gz: is larger than 64 MB",
        ),
        ("a.yaml", b"#" * 16_777_217, "a.yaml: is larger than 16 MB; split it"),
        ("a.csv", b"title\n\xe9\n", "a.csv:2: is not UTF-8; save the file as UTF-8"),
        ("a.csv", b"tilte\nSilt\n", 'a.csv:2: tilte: unknown key; did you mean "title"?; a.csv:2'),
        ("a.jsonl", b"{\n{", "a.jsonl:1: is no JSON"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_fails_the_source(
    tmp_path: Path, name: str, content: bytes, expected: str
) -> None:
    assert failure(tmp_path, content, name).startswith(expected)


def test_a_missing_file_fails_the_source_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"cannot be read .*; correct `path` of this source"):
        FileSource(SourceName("desk"), tmp_path / "none.yaml").pull(PullOrder(NOW))
