"""An entry has whatever one of its sources gives it."""

from datetime import UTC, datetime

import pytest

from newsletter.model import Entry, EntryContent, EntryId, ReleaseNo, RevisionId, SourceName
from newsletter.rules.topicality import (
    ALL_FIELDS,
    USUAL,
    EntryField,
    SourceTopicality,
    Topicality,
    as_topics_see,
    differing,
    weight_of,
)

LIGHT, HEAVY, PLAIN = SourceName("light"), SourceName("heavy"), SourceName("plain")
TITLES, NAMES = SourceName("titles"), SourceName("names")
TOPICALITY: Topicality = {
    LIGHT: SourceTopicality(weight=0.25),
    HEAVY: SourceTopicality(weight=4),
    TITLES: SourceTopicality(fields=frozenset({EntryField.TITLE, EntryField.TLDR})),
    NAMES: SourceTopicality(
        fields=frozenset({EntryField.AUTHORS, EntryField.ORGANIZATION, EntryField.CATEGORIES})
    ),
}
CONTENT = EntryContent(
    "Ants at Sea",
    abstract="They row.",
    tldr="Ants row.",
    authors=("Ada Moe",),
    organization="Ant House",
    categories=("q-bio",),
    upvotes=3,
)


def entry(*sources: SourceName) -> Entry:
    moment = datetime(2026, 11, 2, tzinfo=UTC)
    return Entry(EntryId("ants"), RevisionId("r"), CONTENT, sources, moment, ReleaseNo(1))


@pytest.mark.parametrize(
    ("sources", "weight"),
    [
        ((LIGHT,), 0.25),
        ((HEAVY,), 4),
        ((LIGHT, HEAVY), 4),
        ((LIGHT, PLAIN), 1),
        ((HEAVY, PLAIN), 4),
        ((TITLES,), 1),
        ((), 1),
    ],
)
def test_the_greatest_weight_counts(sources: tuple[SourceName, ...], weight: float) -> None:
    assert weight_of(entry(*sources), TOPICALITY) == weight


def test_without_settings_topics_see_the_entry_itself() -> None:
    one = entry(PLAIN)

    assert as_topics_see(one, USUAL) is one
    assert as_topics_see(one, TOPICALITY) is one
    assert as_topics_see(entry(), TOPICALITY).content is CONTENT


def test_what_no_source_shows_is_hidden_and_nothing_else() -> None:
    seen = as_topics_see(entry(TITLES), TOPICALITY).content

    assert seen == EntryContent("Ants at Sea", tldr="Ants row.", upvotes=3)


def test_names_can_be_all_that_is_shown() -> None:
    seen = as_topics_see(entry(NAMES), TOPICALITY).content

    assert seen == EntryContent(
        "", authors=("Ada Moe",), organization="Ant House", categories=("q-bio",), upvotes=3
    )


def test_a_field_that_one_source_shows_is_shown() -> None:
    both = entry(TITLES, NAMES)

    assert as_topics_see(both, TOPICALITY).content.abstract is None
    assert as_topics_see(both, TOPICALITY).content.authors == ("Ada Moe",)
    assert as_topics_see(entry(TITLES, PLAIN), TOPICALITY).content is CONTENT


def test_only_sources_that_differ_are_kept() -> None:
    plain = SourceTopicality(1.0, frozenset(ALL_FIELDS))

    assert differing({PLAIN: plain, LIGHT: TOPICALITY[LIGHT]}) == {LIGHT: TOPICALITY[LIGHT]}
    assert differing({PLAIN: plain}) == USUAL
