import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import StorageError
from newsletter.model import (
    EmailAddress,
    EntryContent,
    Link,
    LinkKind,
    Preferences,
    Silence,
    SilenceReason,
    SourceName,
    SourceReport,
    SourceState,
)
from newsletter.storage.codec import (
    content_hash,
    dump,
    read_content,
    read_edition,
    read_preferences,
    read_report,
    read_texts,
    write_content,
    write_edition,
    write_preferences,
    write_report,
)
from newsletter.testing.plans import make_plan

WORDS = st.text(st.characters(exclude_categories=()), max_size=20)
CONTENTS = st.builds(
    EntryContent,
    title=WORDS,
    abstract=st.none() | WORDS,
    authors=st.lists(WORDS, max_size=3).map(tuple),
    author_count=st.none() | st.integers(0, 5000),
    published_on=st.none() | st.dates(),
    upvotes=st.none() | st.integers(0),
    links=st.lists(st.builds(Link, st.sampled_from(LinkKind), WORDS), max_size=2).map(tuple),
    language=st.none() | st.just("en"),
    keywords=st.lists(WORDS, max_size=2).map(tuple),
    affiliations=st.lists(WORDS, max_size=2).map(tuple),
    remark=st.none() | WORDS,
    venue=st.none() | WORDS,
    license=st.none() | WORDS,
    code_stars=st.none() | st.integers(0),
)


@given(CONTENTS)
def test_every_content_is_read_back_and_hashed_alike(content: EntryContent) -> None:
    text = write_content(content)
    assert read_content(text) == content
    assert content_hash(write_content(read_content(text))) == content_hash(text)


@given(CONTENTS, CONTENTS)
def test_different_contents_have_different_hashes(one: EntryContent, two: EntryContent) -> None:
    is_same_hash = content_hash(write_content(one)) == content_hash(write_content(two))
    assert is_same_hash == (one == two)


@given(st.timedeltas(timedelta(0), timedelta(days=1)), st.none() | st.datetimes())
def test_every_report_is_read_back(duration: timedelta, at: datetime | None) -> None:
    report = SourceReport(
        SourceName("pages"),
        "file",
        SourceState.STALE,
        duration=duration,
        pulled_at=at and at.replace(tzinfo=UTC),
    )
    assert read_report(write_report(report)) == report


def test_an_edition_and_its_note_are_read_back() -> None:
    edition = make_plan("ada", ["a"], also=["b"]).edition
    assert edition
    noted = replace(
        edition, matches=(), since=None, note=Silence(SilenceReason.ALL_MUTED, "All muted.")
    )
    assert read_edition(write_edition(edition)) == edition
    assert read_edition(write_edition(noted)) == noted


@pytest.mark.parametrize("also", [(), ("b",), ("b", 'c"},{"entry":"d', "e],")])
def test_an_edition_is_written_the_one_way_and_read_in_any(also: tuple[str, ...]) -> None:
    edition = make_plan("ada", ["a", 'x","matches":[{"entry":"y', "z"], also=also).edition
    assert edition
    text = write_edition(edition)
    whole = json.loads(text)

    assert text == dump(whole)
    assert read_edition(text) == edition
    assert read_edition(json.dumps(whole, indent=1)) == edition
    newer = whole | {"models": ["m"], "aside": [1], "dress": []}
    newer["matches"] = [{"cause": "x", **match, "zeal": 1} for match in whole["matches"]]
    assert read_edition(dump(newer)) == edition
    assert read_edition(dump(whole | {"models": ["m"], "bow": ["x"]})) == edition


def test_a_key_of_a_newer_program_is_passed_over() -> None:
    preferences = Preferences(EmailAddress("ada@example.org"), pause_until=date(2026, 12, 1))
    stored = json.loads(write_preferences(preferences)) | {"moon_phase": "full"}
    assert read_preferences(json.dumps(stored)) == preferences


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", None),
        ("title", 3),
        ("author_count", "three"),
        ("author_count", True),
        ("published_on", "tomorrow"),
        ("authors", "Ada"),
        ("authors", [1]),
        ("links", [{"kind": "door", "url": "https://example.org"}]),
        ("links", ["https://example.org"]),
    ],
)
def test_damage_is_named_by_its_key(key: str, value: object) -> None:
    stored = json.loads(write_content(EntryContent("A title"))) | {key: value}
    place = r"entry\.links" if key == "links" else f"entry.*{key}"
    with pytest.raises(StorageError, match=f"stored {place}.*damaged"):
        read_content(json.dumps(stored))


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (read_content, "{"),
        (read_content, "[]"),
        (read_content, "{}"),
        (read_texts, '["a", 2]'),
        (read_report, write_report(SourceReport(SourceName("x"), "file", SourceState.FRESH))[:-9]),
    ],
)
def test_what_is_no_json_of_ours_is_damage(read: Callable[..., object], text: str) -> None:
    arguments = (text, "list") if read is read_texts else (text,)
    with pytest.raises(StorageError, match="damaged"):
        read(*arguments)


def test_damage_inside_is_found_too() -> None:
    edition = make_plan("ada", ["a"]).edition
    assert edition
    stored = json.loads(write_edition(edition))
    stored["matches"][0]["score"] = "high"
    with pytest.raises(StorageError, match=r"edition\.matches: score is 'high'"):
        read_edition(json.dumps(stored))
    stored = json.loads(write_edition(edition)) | {"planned_at": "2026-11-23T07:00:00"}
    with pytest.raises(StorageError, match="planned_at"):
        read_edition(json.dumps(stored))


def test_an_unknown_weekday_is_damage() -> None:
    stored = json.loads(write_preferences(Preferences(EmailAddress("ada@example.org"))))
    stored["cadence"]["days"] = ["DOOMSDAY"]
    with pytest.raises(StorageError, match="DOOMSDAY"):
        read_preferences(json.dumps(stored))
