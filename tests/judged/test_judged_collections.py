"""Collections with judgements, read from the files that people have."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.errors import JudgedError
from newsletter.judged import read_collection
from newsletter.judged.documents import read_documents
from newsletter.judged.grades import read_grades
from newsletter.judged.lines import numbered_lines

Write = Callable[[str, str | bytes], Path]

DOCUMENTS = '{"id": "a", "title": "Gulls", "text": "They plan."}\n{"id": 7, "text": "Robots."}\n'
QUERIES = '{"id": "q1", "text": "planning birds"}\n'
GRADES = "q1\ta\t1\nq1\t7\t0\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Give the means to put a file into a folder that holds a small collection."""
    small = {"docs.jsonl": DOCUMENTS, "queries.jsonl": QUERIES, "qrels.tsv": GRADES}
    for name, text in small.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def write(name: str, content: str | bytes) -> Path:
        content = content.encode() if isinstance(content, str) else content
        (tmp_path / name).write_bytes(content)
        return tmp_path

    return write


def complaint_of(folder: Path) -> list[str]:
    with pytest.raises(JudgedError) as caught:
        read_collection(folder)
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def test_a_collection_is_read_in_the_order_of_its_files(write: Write) -> None:
    folder = write("queries.jsonl", '{"id": 2, "text": "b"}\n{"id": 1, "text": "a"}\n')

    collection = read_collection(folder)

    assert collection.name == folder.name
    assert [(one.id, one.title, one.text) for one in collection.documents] == [
        ("a", "Gulls", "They plan."),
        ("7", "", "Robots."),
    ]
    assert [one.id for one in collection.queries] == ["2", "1"]
    assert collection.grades == {"q1": {"a": 1.0, "7": 0.0}}


def test_a_header_line_bom_and_crlf_make_no_difference(write: Write) -> None:
    plain = read_collection(write("qrels.tsv", GRADES))
    write("qrels.tsv", "\ufeffquery-id\tcorpus-id\tscore\r\n" + GRADES.replace("\n", "\r\n"))
    write("docs.jsonl", "\ufeff" + DOCUMENTS.replace("\n", "\r\n\r\n"))

    folder = write("queries.jsonl", "\ufeff" + QUERIES.rstrip("\n"))

    assert read_collection(folder) == plain


def test_ids_may_be_numbers_and_have_the_name_of_other_collections(write: Write) -> None:
    folder = write("docs.jsonl", '{"_id": 7, "text": "x"}\n{"id": 8.0, "text": "y"}\n')

    assert [one.id for one in read_collection(folder).documents] == ["7", "8"]


def test_texts_may_be_empty_null_or_half_a_surrogate_pair(write: Write) -> None:
    rows = [
        '{"id": 1, "title": null, "text": ""}',
        '{"id": 2, "title": "T"}',
        r'{"id": 3, "text": "\ud800!"}',
    ]

    folder = write("docs.jsonl", "\n".join(rows))

    texts = [(one.title, one.text) for one in read_collection(folder).documents]
    assert texts == [("", ""), ("T", ""), ("", "?!")]


def test_all_mistakes_of_a_file_are_told_with_their_lines(write: Write) -> None:
    rows = [
        '{"id": 1, "text": "x"}',
        "no json",
        "[1]",
        '{"text": "x"}',
        '{"id": true, "text": "x"}',
        '{"id": NaN, "text": "x"}',
        '{"id": " ", "text": "x"}',
        '{"id": 1, "text": "again"}',
        '{"id": 2}',
        '{"id": 3, "text": 5}',
        "[" * 100_000,
        '{"id": ' + "9" * 5_000 + "}",
    ]

    told = complaint_of(write("docs.jsonl", "\n".join(rows)))

    assert told == [
        "docs.jsonl:2: is no JSON (Expecting value at column 1); write one object in each line",
        'docs.jsonl:3: is no object; write {"id": …, "text": …} in each line',
        "docs.jsonl:4: has no id; give each its own",
        "docs.jsonl:5: has an id that is neither a text nor a number",
        "docs.jsonl:6: has an id that is neither a text nor a number",
        "docs.jsonl:7: has an id that is empty or longer than 1,000 characters",
        "docs.jsonl:8: the id '1' stands twice; give each its own",
        "docs.jsonl:9: has neither title nor text; give it one, which may be empty",
        "docs.jsonl:10: text is no text; write it in quotation marks",
        "docs.jsonl:11: nests too deep",
        "… and 1 more",
    ]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("queries.jsonl", '{"id": 1, "text": " "}', "1: has no text; write what is looked for"),
        ("queries.jsonl", '{"id": 1, "text": "' + "x" * 10_001 + '"}', "1: is longer than 10,000"),
        ("queries.jsonl", "", " is empty; write one object in each line"),
        ("docs.jsonl", "\n\n", " is empty; write one object in each line"),
        ("docs.jsonl", b'{"id": 1, "text": "x"}\n\xff\xfe', "2: is not UTF-8; save the file"),
        ("qrels.tsv", "", " has no judgement; write query, document and grade"),
        ("qrels.tsv", "query\tdocument\tgrade\n", " has no judgement; write query,"),
        ("qrels.tsv", "q1 a 1\n", "1: has 1 column, not 3; write query, document and grade"),
        ("qrels.tsv", "q1\t0\ta\t1\n", "1: has 4 columns, not 3"),
        ("qrels.tsv", GRADES + "q1\tb\tmuch\n", "3: 'much' is no grade; write a number"),
        ("qrels.tsv", GRADES + "q1\tb\tnan\n", "3: 'nan' is no grade"),
        ("qrels.tsv", GRADES + "q1\tb\t1e9\n", "3: '1e9' is no grade"),
        ("qrels.tsv", GRADES + "q1\t\t1\n", "3: has an empty column"),
        ("qrels.tsv", GRADES + "q1\ta\t2\n", "3: q1 a has two grades; leave one"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_remedy(
    write: Write, name: str, content: str | bytes, told: str
) -> None:
    (line,) = complaint_of(write(name, content))

    assert line.startswith(f"{name}:{told}")


def test_a_judgement_may_be_repeated(write: Write) -> None:
    assert read_collection(write("qrels.tsv", GRADES + GRADES)).grades["q1"] == {"a": 1, "7": 0}  # type: ignore[index]


@pytest.mark.parametrize("name", ["docs.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(write: Write, name: str) -> None:
    folder = write(name, "")
    (folder / name).unlink()

    (line,) = complaint_of(folder)

    assert line.startswith(f"{name}: cannot be read (No such file or directory); ")


def test_what_is_no_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(JudgedError, match="is no folder; name one with docs"):
        read_collection(tmp_path / "none")


def test_files_are_read_within_limits(write: Write) -> None:
    path = write("docs.jsonl", DOCUMENTS) / "docs.jsonl"

    with pytest.raises(JudgedError, match=r"docs\.jsonl:1: is longer than 20 bytes; shorten"):
        list(numbered_lines(path, longest=20))
    with pytest.raises(JudgedError, match=r"docs\.jsonl: is larger than 60 bytes; evaluate a part"):
        list(numbered_lines(path, most_bytes=60))
    with pytest.raises(JudgedError, match=r"docs\.jsonl:2: there are more than 1 lines"):
        read_documents(path, most=1)
    with pytest.raises(JudgedError, match=r"qrels\.tsv:2: there are more than 1 judgements"):
        read_grades(path.parent / "qrels.tsv", most=1)


def test_lines_are_read_one_by_one(write: Write) -> None:
    rows = "".join(json.dumps({"id": n, "text": "x" * 1_000}) + "\n" for n in range(1_000))

    first = next(numbered_lines(write("docs.jsonl", rows + "\xff") / "docs.jsonl"))

    assert first[0] == 1
