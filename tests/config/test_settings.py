"""The settings: what ten lines mean, what every key means, and what is warned of."""

import re
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import get_args

import pytest

from newsletter.config import (
    Config,
    ConfigReading,
    FileSettings,
    RelaySettings,
    SavedPageSettings,
    SourceSettings,
    Tls,
    load_config,
    read_config,
)
from newsletter.errors import ConfigError
from newsletter.model import Cadence, CatalogueTopic, Every, Letterhead, Topic

TOP = Path(__file__).parents[2]
SMALL = """\
newsletter:
  name: Paper Round
  url: https://news.example.org/
  from: news@example.org
  owner: editor@example.org
  postal_address: 1 Example Street, 12345 Sampletown
"""


def read(folder: Path, text: str) -> ConfigReading:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return read_config(path)


def settings(folder: Path, text: str) -> Config:
    reading = read(folder, text)
    assert reading.config is not None, reading.problems
    return reading.config


def complaints(folder: Path, text: str) -> list[str]:
    return [str(one).partition("config.yaml")[2] for one in read(folder, text).problems]


def warnings(folder: Path, text: str) -> list[str]:
    return [str(one).partition("config.yaml")[2] for one in read(folder, text).warnings]


def test_six_lines_are_a_config_and_the_rest_has_defaults(tmp_path: Path) -> None:
    config = settings(tmp_path, SMALL)
    assert config.delivery.relays == "embedded"
    assert config.database_url == f"sqlite:///{tmp_path}/data/newsletter.db"
    assert config.subscribers_path == tmp_path / "subscribers"
    assert config.secret.path == tmp_path / "data" / "secret"
    assert (config.folder, config.templates) == (tmp_path, tmp_path / "templates")
    assert config.default_preferences().cadence == Cadence(Every.WEEKDAY, time(8), "UTC")
    assert dict(config.catalogue()) == {}


def test_the_letterhead_is_what_every_letter_shows(tmp_path: Path) -> None:
    assert settings(tmp_path, SMALL).letterhead() == Letterhead(
        name="Paper Round",
        url="https://news.example.org",
        domain="example.org",
        from_address=settings(tmp_path, SMALL).newsletter.sender.address,
        from_name="Paper Round",
        postal_address="1 Example Street, 12345 Sampletown",
        owner=settings(tmp_path, SMALL).newsletter.owner,
    )


def test_a_name_in_from_is_the_name_that_letters_come_from(tmp_path: Path) -> None:
    text = SMALL.replace("from: news@example.org", 'from: "The Desk <news@example.org>"')
    assert settings(tmp_path, text).letterhead().from_name == "The Desk"


@pytest.mark.parametrize("url", ["  url: http://localhost:8080\n", ""])
def test_without_a_public_address_there_are_no_links_and_a_warning(
    tmp_path: Path, url: str
) -> None:
    text = SMALL.replace("  url: https://news.example.org/\n", url)
    assert settings(tmp_path, text).letterhead().url is None
    (told,) = warnings(tmp_path, text)
    assert "newsletter.url: there is no https address" in told


@pytest.mark.parametrize(
    ("domain", "is_related"),
    [
        ("example.org", True),
        ("news.example.org", True),
        ("org", True),
        ("example.com", False),
        ("notexample.org", False),
    ],
)
def test_a_domain_that_is_a_stranger_to_the_sender_is_warned_of(
    tmp_path: Path,
    domain: str,
    is_related: bool,  # noqa: FBT001
) -> None:
    told = warnings(tmp_path, f"{SMALL}  domain: {domain}\n")
    assert bool(told) is not is_related


def test_paths_start_at_the_folder_of_the_config(tmp_path: Path) -> None:
    config = settings(
        tmp_path,
        SMALL
        + """
data: kept
subscribers: {path: /elsewhere/people}
sources:
  a: {kind: file, path: ../a.yaml}
  b: {kind: saved-page, path: "pages/*.txt", year: 2026, every: 2d}
""",
    )
    assert config.database_url == f"sqlite:///{tmp_path}/kept/newsletter.db"
    assert config.subscribers_path == Path("/elsewhere/people")
    first, second = config.sources.values()
    assert isinstance(first, FileSettings)
    assert first.path == tmp_path / ".." / "a.yaml"
    assert isinstance(second, SavedPageSettings)
    assert second.path == tmp_path / "pages" / "*.txt"
    assert (first.every, second.every) == (timedelta(hours=1), timedelta(days=2))


@pytest.mark.parametrize(
    ("written", "path"),
    [("sqlite:///kept/n.db", "kept/n.db"), ("sqlite:////var/n.db", "/var/n.db")],
)
def test_a_database_is_a_file_beside_the_config_or_anywhere(
    tmp_path: Path, written: str, path: str
) -> None:
    config = settings(tmp_path, f"{SMALL}database: {written}\n")
    assert config.database_url == f"sqlite:///{tmp_path / path}"


def test_the_catalogue_holds_topics_under_their_names(tmp_path: Path) -> None:
    text = f"{SMALL}topics:\n  robot-arms: {{query: robot, default: yes}}\n  b: {{about: x}}\n"
    assert dict(settings(tmp_path, text).catalogue()) == {
        "robot-arms": CatalogueTopic(Topic("robot-arms", "Robot arms", "robot"), is_default=True),
        "b": CatalogueTopic(Topic("b", "B", about="x")),
    }


def test_defaults_can_name_topics_of_the_catalogue(tmp_path: Path) -> None:
    text = (
        f"{SMALL}topics: {{a: {{query: x}}}}\ndefaults: {{topics: [A], entries: {{at_most: 3}}}}\n"
    )
    preferences = settings(tmp_path, text).default_preferences()
    assert [topic.name for topic in preferences.topics] == ["a"]
    assert preferences.at_most == 3


def test_a_broken_topic_is_not_also_unknown_where_it_is_named(tmp_path: Path) -> None:
    text = f"{SMALL}topics: {{a: {{query: '('}}}}\ndefaults: {{topics: [a]}}\n"
    (told,) = complaints(tmp_path, text)
    assert ":7: topics.a.query: " in told


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("data: [x]", "data: needs a text"),
        ("  domain: a b", 'newsletter.domain: "a b" is no domain'),
        ("  secret: {}", "newsletter.secret: needs either {env: NAME} or {file: PATH}"),
        ("database: sqlite://", "write sqlite:///data/newsletter.db"),
        ("database: 'sqlite:///:memory:'", "write sqlite:///data/newsletter.db"),
        ("sources: {a b: {kind: file, path: x}}", "sources.a b: is no name of a source"),
        ("sources: {a: x}", "sources.a: needs a kind; write {kind: …}"),
        ("sources: {a: {kind: [x]}}", "sources.a.kind: "),
        ("sources: [a]", "sources: needs keys of its own, each on a line below it"),
        ("sources: {a: {kind: file, path: x, every: 0m}}", '"0m" is no interval'),
        ("sources: {a: {kind: file, path: x, every: 31d}}", '"31d" is no interval'),
        ("sources: {a: {kind: file, path: x, every: 1w}}", '"1w" is no interval'),
        ("sources: {a: {kind: arxiv, categories: []}}", "categories: is empty; name at least one"),
        ("sources: {a: {kind: arxiv, categories: [LG]}}", '"LG" is no arXiv category'),
        ("sources: {a: {kind: feed, url: 'ftp://x'}}", '"ftp://x" is no web address'),
        ("sources: {a: {kind: feed, url: 'http://[x'}}", "is no web address"),
        ("delivery: {relays: [{host: a b}]}", 'relays.1.host: "a b" is no host'),
        ("delivery: {relays: {host: a}}", "delivery.relays: needs a list"),
        ("delivery: {workers: 0}", 'workers: "0" is no whole number from 1 to 256'),
        ("delivery: {throttle: {per_domain: {a_b: 1}}}", "is no domain; write e.g."),
        (
            "delivery: {throttle: {groups: {a: [x.org], b: [x.org]}}}",
            'throttle.groups.b: "x.org" stands in a already',
        ),
        (
            "delivery: {throttle: {per_domain: {x.org: 5}, groups: {a: [x.org]}}}",
            'per_domain.x.org: "x.org" is counted with its group a; write a: 5 in its place',
        ),
        ("delivery: {throttle: {groups: {a: []}}}", "groups.a: "),
        ("inbound: {imap: {host: h, username: u, password: {}}}", "needs either {env: NAME} or"),
        ("web: {admin_token: {file: a, fiel: b}}", 'unknown key; did you mean "file"?'),
        ("web: {admin_token: [a]}", "web.admin_token: needs keys of its own"),
        ("log: {format: xml}", '"xml" is none of text | json'),
    ],
)
def test_a_mistake_is_explained_with_its_line(tmp_path: Path, line: str, complaint: str) -> None:
    told = complaints(tmp_path, f"{SMALL}{line}\n")
    assert len(told) == 1
    assert complaint in told[0]
    assert told[0].startswith(":7: ")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("  name: a@b", "newsletter.name: holds an @"),
        ("  url: https://example.org/?a=b", "ends in ? or #"),
    ],
)
def test_a_name_and_an_address_stay_what_readers_expect(
    tmp_path: Path, line: str, complaint: str
) -> None:
    key = line.partition(":")[0]
    kept = [one for one in SMALL.splitlines() if not one.startswith(f"{key}:")]
    (told,) = complaints(tmp_path, "\n".join([*kept, line]))
    assert complaint in told


def test_relays_have_the_usual_ports_and_encryption(tmp_path: Path) -> None:
    text = f"{SMALL}delivery: {{relays: [{{host: a}}, {{host: b, tls: tls}}, {{host: c, tls: none}}]}}\n"
    relays = settings(tmp_path, text).delivery.relays
    assert [(one.tls, one.port_number) for one in relays if isinstance(one, RelaySettings)] == [
        (Tls.STARTTLS, 587),
        (Tls.TLS, 465),
        (Tls.NONE, 25),
    ]


def test_a_written_password_is_in_no_message(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        f"{SMALL}database: mysql://u:hunter2@h/d\n"
        "delivery: {relays: [{host: a, tls: none, username: u, password: hunter2}]}\n",
    )
    assert len(reading.problems) == 2
    assert "hunter2" not in str(reading.problems)


def test_a_file_that_is_not_there_says_how_to_begin(tmp_path: Path) -> None:
    (problem,) = read_config(tmp_path / "config.yaml").problems
    assert problem.message == "there is no such file"
    assert "newsletter init DIR" in str(problem)
    assert "--config" in str(problem)


def test_a_folder_or_other_bytes_are_no_config(tmp_path: Path) -> None:
    assert "is a folder" in str(read_config(tmp_path).problems[0])
    path = tmp_path / "config.yaml"
    path.write_bytes(b"newsletter:\n  name: \xff\n")
    assert str(read_config(path).problems[0]).startswith(f"{path}:2: is not UTF-8")


def test_loading_raises_all_problems_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"{SMALL}dat: x\nlog: {{level: loud}}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert [line.partition("config.yaml:")[2][:1] for line in str(caught.value).split("\n")] == [
        "7",
        "8",
    ]


def test_a_model_is_named_or_chosen_by_the_program(tmp_path: Path) -> None:
    chosen = settings(tmp_path, SMALL).matching
    assert (chosen.semantic, chosen.model) == ("auto", None)
    named = settings(tmp_path, f"{SMALL}matching: {{semantic: on, model: models/ours}}\n").matching
    assert (named.semantic, named.model) == ("on", "models/ours")


def kinds_of_sources() -> Iterator[str]:
    """Yield the kind of each schema of a source."""
    rest = [SourceSettings]
    while rest:
        schema = rest.pop()
        rest.extend(schema.__subclasses__())
        yield from get_args(schema.model_fields["kind"].annotation)


def test_the_reference_of_the_documentation_has_every_key(tmp_path: Path) -> None:
    page = (TOP / "docs" / "settings.md").read_text(encoding="utf-8")
    text = page.split("```yaml\n")[1].partition("```")[0]
    reading = read(tmp_path, text)
    kinds = re.findall(r"^  (\S+): \{kind: ([a-z-]+)", text, re.MULTILINE)
    assert {kind for _, kind in kinds} == set(kinds_of_sources())
    assert reading.problems == ()
    assert reading.warnings == ()
    assert all(f"\n{key}:" in f"\n{text}" for key in Config.known_keys())


def test_the_committed_config_loads() -> None:
    path = TOP / "config.yaml"
    reading = read_config(path)
    assert (reading.problems, reading.warnings) == ((), ())
