"""Likes of readers, from both files that may hold them."""

from pathlib import Path

import pytest

from newsletter.errors import JudgedError
from newsletter.judged import read_liked


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with documents, and without readers."""
    (tmp_path / "docs.jsonl").write_text('{"id": 1, "text": "x"}\n', encoding="utf-8")
    return tmp_path


def liked(folder: Path) -> dict[str, list[str]]:
    return {one.reader: list(one.liked) for one in read_liked(folder).readers}


def complaint_of(folder: Path) -> list[str]:
    with pytest.raises(JudgedError) as caught:
        read_liked(folder)
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def test_likes_are_read_oldest_first_and_each_once(folder: Path) -> None:
    (folder / "users.json").write_text('\ufeff{\r\n"ada": ["b", 1, "b"],\n"7": []}', "utf-8")

    assert liked(folder) == {"ada": ["b", "1"], "7": []}
    assert read_liked(folder).name == folder.name


@pytest.mark.parametrize("key", ["liked", "likes", "ids"])
def test_likes_may_stand_reader_by_reader(folder: Path, key: str) -> None:
    lines = f'{{"user": "ada", "{key}": [2, 1]}}\n\n{{"user": 7, "{key}": ["x"]}}\n'
    (folder / "users.jsonl").write_text(lines, "utf-8")

    assert liked(folder) == {"ada": ["2", "1"], "7": ["x"]}


def test_the_one_document_comes_before_the_lines(folder: Path) -> None:
    (folder / "users.json").write_text('{"ada": [1]}', "utf-8")
    (folder / "users.jsonl").write_text("broken", "utf-8")

    assert liked(folder) == {"ada": ["1"]}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[]", 'users.json: is no object; write {"reader": [id, …], …}'),
        ("{}", "users.json: names no reader; for each write a list of document ids, oldest first"),
        ("{", "users.json: is no JSON ("),
        ("[" * 100_000, "users.json: nests too deep"),
        ('{"ada": 5}', "users.json:1: 'ada': has no list; write a list of document ids"),
        ('{"ada": [null]}', "users.json:1: 'ada': has an id that is neither a text nor a number"),
        ('{" a": [1], "a": [2]}', "users.json:1: 'a' stands twice; join their likes"),
    ],
)
def test_a_mistake_in_the_document_is_told(folder: Path, content: str, told: str) -> None:
    (folder / "users.json").write_text(content, "utf-8")

    (line,) = complaint_of(folder)

    assert line.startswith(told)


def test_all_mistakes_in_lines_are_told(folder: Path) -> None:
    rows = [
        '{"user": 1, "liked": [1]}',
        "x",
        '{"user": 2}',
        '{"liked": []}',
        '{"user": 1, "ids": []}',
    ]
    (folder / "users.jsonl").write_text("\n".join(rows), "utf-8")

    told = complaint_of(folder)

    assert [line.split(": ")[0] for line in told] == [f"users.jsonl:{n}" for n in (2, 3, 4, 5)]
    assert told[1].endswith('has no user or no list; write {"user": …, "liked": [id, …]}')


def test_without_readers_the_usual_file_is_asked_for(folder: Path) -> None:
    (line,) = complaint_of(folder)

    assert line.startswith("users.json: cannot be read (No such file or directory)")


def test_readers_are_read_within_a_limit(folder: Path) -> None:
    from newsletter.judged.likes import read_likes  # noqa: PLC0415 - not of the door

    (folder / "users.json").write_text('{"a": [], "b": []}', "utf-8")

    with pytest.raises(JudgedError, match="there are more than 1 readers; evaluate some"):
        read_likes(folder, most=1)
