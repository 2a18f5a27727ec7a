"""The sample entries say what their sources say, and their summaries are our own."""

import gzip
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

CHECKOUT = Path(__file__).parents[2]
SAMPLES = CHECKOUT / "samples" / "entries.yaml"
NAMED_AUTHORS = 20


@dataclass(frozen=True, slots=True)
class Sample:
    """One entry of samples/entries.yaml; an unknown key is an error of its constructor."""

    id: str
    title: str
    abstract: str
    published_on: date
    tldr: str = ""
    authors: list[str] = field(default_factory=list)
    author_count: int | None = None
    organization: str | None = None
    comments: int | None = None
    links: dict[str, str] = field(default_factory=dict)
    categories: list[str] = field(default_factory=list)
    arxiv_id: str | None = None


@cache
def samples() -> tuple[Sample, ...]:
    document = yaml.safe_load(SAMPLES.read_text("utf-8"))
    assert list(document) == ["entries"]
    return tuple(Sample(**entry) for entry in document["entries"])


def from_arxiv() -> list[Sample]:
    return [sample for sample in samples() if sample.arxiv_id]


def from_pages() -> list[Sample]:
    return [sample for sample in samples() if not sample.arxiv_id]


def shared_data(folder: str) -> Path:
    root = Path(os.environ.get("NEWSLETTER_SHARED", CHECKOUT.parent / "shared"))
    path = root / "data" / folder
    if not path.is_dir():
        pytest.skip(
            "the recorded sources are not on this machine; set NEWSLETTER_SHARED to compare"
        )
    return path


def arxiv_records() -> dict[str, dict[str, Any]]:
    path = shared_data("arxiv") / "2026-05.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return {record["id"]: record for record in map(json.loads, lines)}


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a saved page says of one entry, below its title."""

    title: str
    abstract: str
    origin: str
    when: str

    @property
    def author_count(self) -> int | None:
        number = re.fullmatch(r"• (\d+) authors", self.origin)
        return int(number[1]) if number else None

    @property
    def organization(self) -> str | None:
        return None if self.author_count else self.origin.partition(" ")[2]

    @property
    def dated(self) -> tuple[date, int | None] | None:
        found = re.fullmatch(r"(\w{3} \d{1,2}, \d{4})(?: (\d+))?", self.when)
        if not found:
            return None
        day = datetime.strptime(f"{found[1]} +0000", "%b %d, %Y %z").date()
        return day, int(found[2]) if found[2] else None


def announcements() -> Iterator[Announcement]:
    for page in sorted(shared_data("daily-papers").glob("*.txt")):
        lines = [line.strip() for line in page.read_text("utf-8").splitlines() if line.strip()]
        for at in range(3, len(lines) - 1):
            if lines[at] == "·":
                title, abstract, origin = lines[at - 3 : at]
                yield Announcement(title, abstract, origin, lines[at + 1])


def folded(text: str) -> str:
    words = " ".join(re.findall(r"\w+", text.casefold()))
    return f" {words} "


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?!:;])\s+", text)


def assert_in_own_words(sample: Sample, original: str) -> None:
    for sentence in sentences(f"{sample.abstract} {sample.tldr}"):
        if len(sentence.split()) > 8:
            assert folded(sentence) not in folded(original), (sample.id, sentence)


def test_there_are_enough_samples_for_a_first_letter() -> None:
    assert len(samples()) >= 55
    assert len(from_arxiv()) >= 40
    assert len(from_pages()) >= 10


def test_the_file_is_plain_yaml_without_anchors_aliases_and_tags() -> None:
    refused = (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken)

    found = [token for token in yaml.scan(SAMPLES.read_text("utf-8")) if isinstance(token, refused)]

    assert found == []


def test_every_id_is_text_and_stands_once() -> None:
    ids = [sample.id for sample in samples()]

    assert len(set(ids)) == len(ids)
    assert all(isinstance(id_, str) for id_ in ids)


def test_every_entry_has_a_title_and_a_summary_of_readable_length() -> None:
    for sample in samples():
        assert sample.title.strip(), sample.id
        assert 40 <= len(sample.abstract.split()) <= 130, sample.id
        assert 3 <= len(re.findall(r"[.?!](?= |$)", sample.abstract)) <= 6, sample.id


def test_some_entries_have_a_short_summary_beside_the_long_one() -> None:
    short = [sample.tldr for sample in samples() if sample.tldr]

    assert len(short) >= len(samples()) / 4
    assert all(5 <= len(text.split()) <= 40 for text in short)


def test_an_arxiv_entry_links_to_its_own_page_by_https() -> None:
    for sample in from_arxiv():
        assert re.fullmatch(r"\d{4}\.\d{5}", sample.id)
        assert sample.arxiv_id == sample.id
        assert sample.links == {
            "page": f"https://arxiv.org/abs/{sample.id}",
            "pdf": f"https://arxiv.org/pdf/{sample.id}",
        }


def test_an_entry_of_a_saved_page_has_no_link_and_no_author_name() -> None:
    for sample in from_pages():
        assert re.fullmatch(r"[a-z0-9-]{8,60}", sample.id)
        assert not sample.links
        assert not sample.authors
        assert sample.author_count or sample.organization


def test_at_most_the_first_authors_are_named_and_all_are_counted() -> None:
    for sample in from_arxiv():
        assert sample.author_count is not None
        assert len(sample.authors) == min(NAMED_AUTHORS, sample.author_count), sample.id
    assert any(sample.author_count != len(sample.authors) for sample in from_arxiv())


@pytest.mark.parametrize(
    "trap",
    [r"\$.+\$", "&", "^.{170,}$"],
    ids=["TeX in a title", "an ampersand in a title", "a very long title"],
)
def test_the_samples_hold_what_makes_real_titles_hard(trap: str) -> None:
    assert any(re.search(trap, sample.title) for sample in samples())


def test_the_samples_hold_names_that_are_not_ascii() -> None:
    assert any(not name.isascii() for sample in samples() for name in sample.authors)


def test_arxiv_entries_say_what_arxiv_says() -> None:
    records = arxiv_records()

    for sample in from_arxiv():
        record = records[sample.id]
        assert sample.title == " ".join(record["title"].split())
        assert sample.authors == record["authors"][:NAMED_AUTHORS]
        assert sample.author_count == len(record["authors"])
        assert sample.categories == record["categories"]
        assert sample.published_on.isoformat() == record["first_seen"]
        assert sample.organization is None
        assert sample.comments is None
        assert_in_own_words(sample, record["summary"])


def test_entries_of_saved_pages_say_what_the_pages_say() -> None:
    said = {note.title: note for note in announcements() if note.dated}

    for sample in from_pages():
        note = said[sample.title]
        assert (sample.published_on, sample.comments) == note.dated, sample.id
        assert sample.author_count == note.author_count, sample.id
        assert sample.organization == note.organization, sample.id
        assert_in_own_words(sample, note.abstract)
