"""A shown document reads as the preferences it was made from."""

from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import (
    Cadence,
    CatalogueTopic,
    EmailAddress,
    Every,
    Follow,
    LetterFormat,
    Order,
    Preferences,
    Strictness,
    Topic,
    Weekday,
    WhenEmpty,
)
from newsletter.preferences import UNNAMED, folded, parse_documents, show

ROBOTS = Topic("robots", "Robots", "robot*")

names = (
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
    | st.sampled_from(["no", "7:30", "# x", "it's", "a: b", '"', "- x", "null", "Ada L.", "a\\n"])
).filter(lambda name: name == name.strip())
queries = st.sampled_from(["robot*", '"it\'s so"', "-a b", "title:x OR y", "upvotes:>=3"])
weights = st.sampled_from([1.0, 0.5, 2.0, 10.0])
topics = st.one_of(
    weights.map(lambda weight: Topic("robots", "Robots", "robot*", None, weight)),
    st.builds(
        lambda name, query, weight: Topic(name, name, query, None, weight), names, queries, weights
    ),
    st.builds(
        lambda name, about, weight: Topic(name, name, None, about, weight), names, names, weights
    ),
)
Rhythm = tuple[Every, frozenset[Weekday], int | None]
rhythms: st.SearchStrategy[Rhythm] = st.one_of(
    st.sampled_from([(Every.DAY, frozenset(), None), (Every.WEEKDAY, frozenset(), None)]),
    st.sampled_from(list(Weekday)).map(lambda day: (Every.WEEK, frozenset({day}), None)),
    st.integers(1, 31).map(lambda day: (Every.MONTH, frozenset(), day)),
    st.frozensets(st.sampled_from(list(Weekday)), min_size=1).map(
        lambda days: (Every.DAYS, days, None)
    ),
)
cadences = st.builds(
    lambda rhythm, hour, minute, zone: Cadence(
        rhythm[0], time(hour, minute), zone, rhythm[1], rhythm[2]
    ),
    rhythms,
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from(["UTC", "Europe/Paris", "America/Argentina/Buenos_Aires", "Etc/GMT+3"]),
)
documents = st.builds(
    Preferences,
    email=st.sampled_from([EmailAddress("ada@example.org"), EmailAddress("a+b#c@example.org")]),
    name=st.none() | names,
    cadence=cadences,
    topics=st.lists(topics, max_size=3, unique_by=lambda topic: folded(topic.name)).map(tuple),
    follow=st.builds(
        Follow, st.lists(names, max_size=2).map(tuple), st.lists(names, max_size=2).map(tuple)
    ),
    mute=st.lists(queries, max_size=2).map(tuple),
    at_most=st.integers(1, 50),
    order=st.sampled_from(Order),
    minimum_upvotes=st.integers(0, 100),
    wants_revisions=st.booleans(),
    learns=st.booleans(),
    strictness=st.sampled_from(Strictness),
    when_empty=st.sampled_from(WhenEmpty),
    format=st.sampled_from(LetterFormat),
    pause_until=st.none() | st.dates(date(1900, 1, 1), date(2199, 12, 31)),
)


@given(documents)
def test_what_is_shown_reads_back_the_same(preferences: Preferences) -> None:
    reading = parse_documents(
        show(preferences),
        "shown",
        catalogue={"robots": CatalogueTopic(ROBOTS)},
        defaults=Preferences(email=UNNAMED, at_most=7, mute=("x",), topics=(ROBOTS,)),
    )
    assert reading.problems == ()
    assert reading.documents[0].preferences == preferences


def test_every_default_is_written_out() -> None:
    assert show(Preferences(email=EmailAddress("ada@example.org"))) == (
        "email: ada@example.org\n"
        "name:\n"
        "send:\n"
        "  every: weekday\n"
        '  at: "08:00"\n'
        "  timezone: UTC\n"
        "topics: []\n"
        "follow:\n"
        "  authors: []\n"
        "  organizations: []\n"
        "mute: []\n"
        "entries:\n"
        "  at_most: 10\n"
        "  order: relevance\n"
        "  minimum_upvotes: 0\n"
        "  revisions: false\n"
        "  learn: true\n"
        "strictness: normal\n"
        "when_empty: skip\n"
        "format: html\n"
        "pause_until:\n"
    )
