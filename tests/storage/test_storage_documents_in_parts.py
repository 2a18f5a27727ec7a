"""A stored document is read in parts that many have in common; whatever stands in it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import RecordError
from newsletter.model import (
    Cadence,
    EmailAddress,
    Every,
    Follow,
    Preferences,
    Topic,
    Weekday,
)
from newsletter.storage.codec import dump, read_preferences, write_preferences

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        '"',
        "\\",
        '\\"',
        ',"follow":',
        '"name":null',
        '"topics":[]',
        '],"wants_revisions":',
        '{"about":',
        "é",
    ]
)
TOPICS = st.builds(Topic, TEXTS, TEXTS, st.none() | TEXTS, st.none() | TEXTS, st.floats(0.5, 2))
DOCUMENTS = st.builds(
    Preferences,
    email=TEXTS.map(EmailAddress),
    name=st.none() | TEXTS,
    cadence=st.sampled_from([Cadence(), Cadence(Every.DAYS, days=frozenset({Weekday.TUE}))]),
    topics=st.lists(TOPICS, max_size=3).map(tuple),
    follow=st.builds(Follow, st.lists(TEXTS, max_size=2).map(tuple)),
    mute=st.lists(TEXTS, max_size=2).map(tuple),
    learns=st.booleans(),
)


@given(DOCUMENTS)
def test_every_document_is_read_back(document: Preferences) -> None:
    text = write_preferences(document)

    assert read_preferences(text) == document
    assert read_preferences(json.dumps(json.loads(text), indent=1)) == document


@given(DOCUMENTS)
def test_a_newer_document_is_read_as_well(document: Preferences) -> None:
    newer = json.loads(write_preferences(document))
    newer |= {"faith": 1, "nap": [{"about": 2}], "zeal": {"name": "x"}, "email_too": "y"}
    newer["topics"] = [{**topic, "aa": 1, "zz": [1]} for topic in newer["topics"]]

    assert read_preferences(dump(newer)) == document


@pytest.mark.parametrize(
    ("key", "value"),
    [("email", None), ("email", 7), ("name", 7), ("topics", [7]), ("topics", 7), ("at_most", "x")],
)
def test_a_damaged_document_is_said(key: str, value: object) -> None:
    whole = json.loads(write_preferences(Preferences(EmailAddress("ada@example.org"))))

    with pytest.raises(RecordError, match=f"{key}.*the database is damaged"):
        read_preferences(dump(whole | {key: value}))
