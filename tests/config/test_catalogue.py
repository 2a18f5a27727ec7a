"""The catalogue: the one that comes with the program, one's own file, and what config.yaml changes."""

from pathlib import Path

import pytest

from newsletter.config import Config, read_config
from newsletter.indexing import build_index
from newsletter.model import CatalogueTopic, Entry, Topic
from newsletter.preferences import folded
from newsletter.rules.query import parse, spell
from tests.rules.test_query_table import entry, title

HEAD = """\
newsletter: {name: x, from: news@example.org, owner: o@example.org, postal_address: 1 Example Street}
"""
SAMPLES = Path(__file__).with_name("catalogue_titles.txt")


def read(folder: Path, text: str) -> Config:
    path = folder / "config.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    reading = read_config(path)
    assert reading.config, reading.problems
    return reading.config


def complaints(folder: Path, text: str) -> list[str]:
    path = folder / "config.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return [str(one).replace(f"{folder}/", "") for one in read_config(path).problems]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, CatalogueTopic]:
    return dict(read(tmp_path_factory.mktemp("shipped"), "catalogue: research\n").catalogue())


def test_some_fifty_topics_come_with_the_program_three_of_them_by_default(
    shipped: dict[str, CatalogueTopic],
) -> None:
    assert 40 <= len(shipped) <= 60
    assert sum(one.is_default for one in shipped.values()) == 3


def test_every_shipped_topic_has_a_title_of_its_own_and_a_query_that_reads(
    shipped: dict[str, CatalogueTopic],
) -> None:
    topics = [one.topic for one in shipped.values()]
    assert len({folded(topic.title) for topic in topics}) == len(topics)
    for topic in topics:
        others = {folded(other.name) for other in topics if other is not topic}
        assert folded(topic.title) not in others
        assert topic.query is not None
        assert parse(spell(parse(topic.query))) == parse(topic.query)


def sample_entries() -> list[tuple[str, Entry]]:
    lines = SAMPLES.read_text(encoding="utf-8").splitlines()
    pairs = [line.split(" | ", 1) for line in lines if line and not line.startswith("#")]
    return [(name, entry(title(text))) for name, text in pairs]


def test_every_shipped_topic_finds_its_title_among_the_samples(
    shipped: dict[str, CatalogueTopic],
) -> None:
    pairs = sample_entries()
    assert {name for name, _ in pairs} == set(shipped)
    for name, sample in pairs:
        found = build_index([sample]).answer(shipped[name].topic)
        assert found, (name, sample.content.title)


def test_no_shipped_topic_finds_most_of_the_samples(shipped: dict[str, CatalogueTopic]) -> None:
    pairs = sample_entries()
    for name, offered in shipped.items():
        others = [sample for other, sample in pairs if other != name]
        found = sum(bool(build_index([one]).answer(offered.topic)) for one in others)
        assert found <= len(others) / 8, name


def test_without_the_key_there_are_only_the_topics_written(tmp_path: Path) -> None:
    assert dict(read(tmp_path, "").catalogue()) == {}
    assert dict(read(tmp_path, "catalogue:\n").catalogue()) == {}


def test_topics_written_come_behind_those_of_the_catalogue(
    tmp_path: Path, shipped: dict[str, CatalogueTopic]
) -> None:
    config = read(tmp_path, "catalogue: research\ntopics: {gravel: {query: gravel}}\n")
    assert list(config.catalogue()) == [*shipped, "gravel"]


def test_a_topic_of_the_catalogue_is_changed_key_by_key(
    tmp_path: Path, shipped: dict[str, CatalogueTopic]
) -> None:
    text = (
        "catalogue: research\ntopics:\n  robotics: {default: true, title: }\n  agents: {about: x}\n"
    )
    catalogue = read(tmp_path, text).catalogue()
    assert catalogue["robotics"] == CatalogueTopic(shipped["robotics"].topic, is_default=True)
    agents = Topic("agents", "Agents and tools", about="x")
    assert catalogue["agents"] == CatalogueTopic(agents, is_default=True)
    assert list(catalogue) == list(shipped)


def test_subscribers_and_sources_can_name_topics_of_the_catalogue(tmp_path: Path) -> None:
    text = "catalogue: research\ndefaults: {topics: [Robots]}\n"
    preferences = read(tmp_path, text).default_preferences()
    assert [topic.name for topic in preferences.topics] == ["robotics"]


def test_a_file_of_ones_own_is_read_from_beside_the_config(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("topics: {gravel: {query: gravel}}\n")
    config = read(tmp_path, "catalogue: mine.yaml\n")
    assert config.catalogue_path == tmp_path / "mine.yaml"
    assert read(tmp_path, "catalogue: research\n").catalogue_path is None
    assert dict(config.catalogue()) == {
        "gravel": CatalogueTopic(Topic("gravel", "Gravel", "gravel"))
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("catalogue: reserch\n", 'there is no file reserch; did you mean "research"?'),
        ("catalogue: no.yaml\n", "there is no file no.yaml; write research, or the path of a YAML file"),
        ("catalogue: [research]\n", "config.yaml:2: catalogue: needs a text"),
        ("catalogue: research\ntopics: [x]\n", "config.yaml:3: topics: "),
        ("catalogue: research\ntopics: {robotics: x}\n", "config.yaml:3: topics.robotics: needs keys"),
        ("catalogue: research\ntopics: {law: {query: (}}\n", "config.yaml:3: topics.law.query: "),
        ("catalogue: research\ntopics: {new: {title: x}}\n", "needs a query, an about or both"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    (told,) = complaints(tmp_path, text)
    assert problem in told


def test_all_mistakes_of_a_file_of_ones_own_are_named_in_it(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("topics:\n  a: {query: 'b c:d'}\n  e: {title: x}\nfoo: 1\n")
    told = complaints(tmp_path, "catalogue: mine.yaml\n")
    assert [one.split(": ", 2)[:2] for one in told] == [
        ["mine.yaml:2", "topics.a.query"],
        ["mine.yaml:3", "topics.e"],
        ["mine.yaml:4", "foo"],
    ]


def test_a_file_that_is_no_catalogue_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("topics: {")
    assert complaints(tmp_path, "catalogue: mine.yaml\n")
    (tmp_path / "mine.yaml").write_text("")
    assert complaints(tmp_path, "catalogue: mine.yaml\n")
    (tmp_path / "mine.yaml").write_bytes(b"\xff")
    assert complaints(tmp_path, "catalogue: mine.yaml\n") == [
        "mine.yaml:1: is not UTF-8; save it with that encoding"
    ]
