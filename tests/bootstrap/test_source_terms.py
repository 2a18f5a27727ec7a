"""What the settings of a source say about news, and what holds where they say nothing."""

from datetime import date
from pathlib import Path

from newsletter.bootstrap.source_terms import make_terms, make_topicality, sources_of_low_trust
from newsletter.config import Config, read_config
from newsletter.model import LIBRARY, SourceName, Topic
from newsletter.rules.collecting import SourceTerms
from newsletter.rules.topicality import EntryField, SourceTopicality

CONFIG = """\
newsletter: {name: N, from: news@example.org, owner: o@example.org, postal_address: Here 1}
sources:
  notes: {kind: file, path: notes.yaml}
  few: {kind: file, path: few.yaml, at_most_new: 10, trust: low}
  pages: {kind: saved-page, path: pages.txt, since: 2026-11-20}
"""


def config(folder: Path, text: str = CONFIG) -> Config:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    (folder / "subscribers").mkdir()
    reading = read_config(path)
    assert reading.config, reading.problems
    return reading.config


def test_settings_come_before_what_is_usual_for_the_kind(tmp_path: Path) -> None:
    terms = make_terms(config(tmp_path).sources)

    assert terms == {
        SourceName("notes"): SourceTerms(at_most_new=None, takes_old=True),
        SourceName("few"): SourceTerms(at_most_new=10, takes_old=True),
        SourceName("pages"): SourceTerms(date(2026, 11, 20), at_most_new=None, takes_old=True),
    }


def test_sources_of_low_trust_are_those_that_the_operator_named(tmp_path: Path) -> None:
    assert sources_of_low_trust(config(tmp_path).sources) == {SourceName("few"), LIBRARY}


def test_sources_without_a_word_about_topics_cost_matching_nothing(tmp_path: Path) -> None:
    assert make_topicality(config(tmp_path)) == {}


def test_what_a_source_says_about_topics_reaches_matching(tmp_path: Path) -> None:
    text = CONFIG.replace(
        "path: notes.yaml", "path: notes.yaml, weight: 2, topics: [ants]"
    ).replace("trust: low", "trust: low, fields: [title, tldr]")
    ants = "topics: {ants: {query: ant*}}\n"

    assert make_topicality(config(tmp_path, text + ants)) == {
        SourceName("notes"): SourceTopicality(2, topics=(Topic("ants", "Ants", query="ant*"),)),
        SourceName("few"): SourceTopicality(fields=frozenset({EntryField.TITLE, EntryField.TLDR})),
    }
