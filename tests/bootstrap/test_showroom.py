"""The showroom over a real newsroom: letters that are shown and not sent."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from newsletter.bootstrap import (
    BEING_PREPARED,
    Newsroom,
    Showroom,
    index_anew,
    open_newsroom,
    receiving,
)
from newsletter.indexing import Meaning, entry_text, text_key
from newsletter.model import (
    Cadence,
    EmailAddress,
    Every,
    LetterFormat,
    Preferences,
    Topic,
    Weekday,
)
from newsletter.rendering import readable_content
from newsletter.rules.addresses import TokenPurpose, read_letter_token
from newsletter.testing.meaning import WordEmbedder
from newsletter.workflows import TrialPorts, collect, try_out
from tests.end_to_end.house import House

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""A Monday; the sample entries are collected at this moment."""
TUESDAY = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ROBOTS = Topic("robots", "Robots", "robot* OR model*")
DAILY = Cadence(Every.DAY, time(8, 0), "UTC")
ADA = Preferences(EmailAddress("ada@example.org"), cadence=DAILY, topics=(ROBOTS,))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return House(tmp_path / "news", tmp_path / "mailbox", 25).folder / "config.yaml"


@pytest.fixture
def room(config: Path) -> Iterator[Newsroom]:
    with open_newsroom(config, now=NOW) as room:
        collect(room.sources, room.collecting())
    with open_newsroom(config, now=TUESDAY) as room:
        yield room


@pytest.fixture
def showroom(room: Newsroom) -> Showroom:
    return Showroom(room, patience_s=60)


def test_a_sample_is_the_last_letter_that_would_have_come(showroom: Showroom) -> None:
    sample = showroom.sample(ADA)
    assert sample.on == TUESDAY.date()
    assert sample.titles
    assert sample.titles[0] in sample.text
    assert "ada@example.org" in sample.html
    assert sample.entries_a_week == len(sample.titles)
    assert sample.silence == ""


def test_it_is_printed_once_for_the_same_preferences(showroom: Showroom) -> None:
    assert showroom.sample(ADA) is showroom.sample(ADA)


def test_the_links_of_its_reader_are_no_links(showroom: Showroom) -> None:
    html = showroom.sample(ADA).html
    hrefs = re.findall(r'href="([^"]*)"', html)
    assert not [one for one in hrefs if re.search(r"unsubscribe|/likes/|/letters/", one)]
    assert [one for one in hrefs if one.startswith("https://")], "entries can be opened"
    assert "Unsubscribe" in html


def test_nothing_in_it_does_anything_to_anybody(room: Newsroom, showroom: Showroom) -> None:
    sample = showroom.sample(ADA)
    words = sample.text.replace('"', " ").replace("+", " ").replace("/", " ").replace("@", " ")
    tokens = [word for word in words.split() if len(word) == 48 and word.isalnum()]
    assert tokens
    for token in tokens:
        for purpose in TokenPurpose:
            assert read_letter_token(purpose, token, room.press.secrets) is None
    assert list(room.subscribers.all()) == []
    assert room.outbox.find(limit=None) == []


def test_links_open_beside_the_page_that_shows_it(showroom: Showroom) -> None:
    assert '<head><base target="_blank">' in showroom.sample(ADA).html


def test_who_reads_text_alone_is_shown_text_alone(showroom: Showroom) -> None:
    sample = showroom.sample(Preferences(ADA.email, topics=(ROBOTS,), format=LetterFormat.TEXT))
    assert sample.html == ""
    assert sample.titles[0] in sample.text


def test_a_letter_once_a_month_is_shown_whatever_day_it_is(showroom: Showroom) -> None:
    monthly = Cadence(Every.MONTH, time(8, 0), "UTC", month_day=1)
    assert showroom.sample(Preferences(ADA.email, cadence=monthly, topics=(ROBOTS,))).titles


def test_on_the_first_day_of_a_newsletter_a_letter_is_shown_as_if_it_came_now(
    config: Path,
) -> None:
    with open_newsroom(config, now=NOW) as room:
        collect(room.sources, room.collecting())  # after the slots of this day
        sample = Showroom(room, patience_s=60).sample(ADA)
    assert sample.on == NOW.date()
    assert sample.titles


def test_a_letter_once_a_week_has_one_slot_in_the_week(showroom: Showroom) -> None:
    tuesdays = Cadence(Every.WEEK, time(8, 0), "UTC", frozenset({Weekday.TUE}))
    sample = showroom.sample(Preferences(ADA.email, cadence=tuesdays, topics=(ROBOTS,)))
    assert sample.on == TUESDAY.date()


def test_a_pause_is_overlooked(showroom: Showroom) -> None:
    paused = Preferences(
        ADA.email, cadence=DAILY, topics=(ROBOTS,), pause_until=TUESDAY.date().replace(year=2030)
    )
    assert showroom.sample(paused).titles


def test_silence_is_explained(showroom: Showroom) -> None:
    nothing = Topic("nothing", "Nothing", "xyzzyplugh")
    sample = showroom.sample(Preferences(ADA.email, cadence=DAILY, topics=(nothing,)))
    assert (sample.html, sample.text, sample.titles) == ("", "", ())
    assert "none of them" in sample.silence


def test_where_nothing_was_stored_it_says_so(config: Path) -> None:
    with open_newsroom(config, now=NOW) as room:
        sample = Showroom(room, patience_s=60).sample(ADA)
    assert sample.on is None
    assert "Nothing has come in" in sample.silence


def test_nobody_waits_for_the_counts_of_the_week(showroom: Showroom) -> None:
    assert showroom.week_counts() == {}
    showroom.sample(ADA)
    counts = showroom.week_counts()
    assert sum(counts.values()) > 0
    assert "robotics" in counts


def test_a_sample_that_is_not_ready_in_time_says_so(room: Newsroom) -> None:
    sample = Showroom(room, patience_s=0).sample(ADA)
    assert (sample.on, sample.silence) == (None, BEING_PREPARED)


def test_the_counts_are_those_that_are_told_by_mail(room: Newsroom, showroom: Showroom) -> None:
    showroom.sample(ADA)
    assert showroom.week_counts() == receiving(room).week_counts()


def test_it_is_the_letter_that_a_trial_of_the_week_ends_with(
    room: Newsroom, showroom: Showroom
) -> None:
    ports = TrialPorts(room.entries, room.clock, index_anew(room), room.topicality)
    trial = try_out(ADA, room.default_topics, ports, span=timedelta(days=7))
    last = trial.editions[-1]
    sample = showroom.sample(ADA)
    assert sample.on == last.slot.local_date
    assert sample.titles == tuple(
        readable_content(trial.entries[one.entry].content).title for one in last.matches
    )


def test_what_somebody_types_leaves_no_vector_behind(room: Newsroom) -> None:
    words = "what a visitor typed and nobody else"
    meaning = Meaning(WordEmbedder(), room.vectors, room.clock)
    showroom = Showroom(replace(room, open_meaning=lambda: meaning), patience_s=60)
    topic = Topic("own", "Own", about=words)
    showroom.sample(Preferences(ADA.email, cadence=DAILY, topics=(topic,)))
    kept = room.vectors.find(meaning.model, [text_key(words)])
    entries = room.entries.find()
    of_entries = room.vectors.find(meaning.model, [text_key(entry_text(one)) for one in entries])
    assert not kept
    assert len(of_entries) == len(entries)
