"""A folder that holds a collection."""

from pathlib import Path

from newsletter.errors import JudgedError
from newsletter.judged.documents import read_documents, read_queries
from newsletter.judged.grades import read_grades
from newsletter.judged.likes import read_likes
from newsletter.rules.evaluation import JudgedCollection, LikedCollection


def read_collection(folder: Path) -> JudgedCollection:
    """Return the collection of docs.jsonl, queries.jsonl and qrels.tsv.

    Raises JudgedError with file, line and remedy.
    """
    name = _name(folder)
    queries, grades = read_queries(folder / "queries.jsonl"), read_grades(folder / "qrels.tsv")
    return JudgedCollection(name, read_documents(folder / "docs.jsonl"), queries, grades)


def read_liked(folder: Path) -> LikedCollection:
    """Return the collection of docs.jsonl and users.json or users.jsonl.

    Raises JudgedError with file, line and remedy.
    """
    name, readers = _name(folder), read_likes(folder)
    return LikedCollection(name, read_documents(folder / "docs.jsonl"), readers)


def _name(folder: Path) -> str:
    if not folder.is_dir():
        raise JudgedError(f"{folder}: is no folder; name one with docs.jsonl")
    return folder.resolve().name
