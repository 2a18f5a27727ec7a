"""`newsletter dkim new`: a file with the key, and words to copy."""

import json
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

import newsletter.cli.dkim_commands  # noqa: F401 - registers the commands
from newsletter.cli import app
from newsletter.cli.session import hoist
from newsletter.config import copy_starter, load_config
from newsletter.errors import NewsletterError
from newsletter.transports import check_record, load_key


@dataclass(frozen=True)
class Outcome:
    """How one command ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class House:
    """A folder that `newsletter init` made; letters are from news@news.example.org."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "config.yaml"

    def run(self, *arguments: str) -> Outcome:
        words = hoist(["--config", str(self.config), "dkim", "new", *arguments])
        result = CliRunner().invoke(app, words)
        if isinstance(result.exception, NewsletterError):
            return Outcome(result.exception.exit_code, result.stdout, str(result.exception))
        return Outcome(result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def house(tmp_path: Path) -> House:
    copy_starter(tmp_path / "news", timezone="Europe/Paris")
    return House(tmp_path / "news")


def test_a_key_is_made_in_the_data_folder_for_the_domain_of_the_sender(house: House) -> None:
    ended = house.run("s1")
    path = house.folder / "data" / "dkim-s1.pem"
    assert ended.code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = load_key("s1", "news.example.org", path.read_text())
    assert key.bits == 2048
    record = next(line for line in ended.out.splitlines() if line.startswith("value: "))
    assert check_record(key, record.removeprefix("value: ")) == ()


def test_what_is_said_can_be_copied_into_a_zone_file(house: House) -> None:
    lines = house.run("s1", "--bits", "3072").out.splitlines()
    start = lines.index("s1._domainkey.news.example.org. IN TXT (") + 1
    strings = [line.strip(' ")') for line in lines[start : start + 3]]
    key = load_key("s1", "news.example.org", (house.folder / "data" / "dkim-s1.pem").read_text())
    assert check_record(key, "".join(strings)) == ()
    assert max(map(len, strings)) == 255


@pytest.mark.parametrize("name", ["keys/s1.pem", "with blank: #.pem"])
def test_the_lines_for_the_config_name_the_key(name: str, house: House) -> None:
    ended = house.run("s1", "--json", "-o", str(house.folder / name))
    said = json.loads(ended.out)
    text = house.config.read_text()
    house.config.write_text(text.replace("\ndelivery:\n", f"\n{said['config']}\n"))
    (settings,) = load_config(house.config).delivery.dkim
    assert settings.key.path == house.folder / name
    assert load_key(settings.selector, settings.domain, settings.key.read()).bits == 2048


def test_json_says_everything_once(house: House) -> None:
    said = json.loads(house.run("e1", "--type", "ed25519", "--json").out)
    record = said.pop("record")
    assert said == {
        "selector": "e1",
        "domain": "news.example.org",
        "type": "ed25519",
        "bits": None,
        "file": str(house.folder / "data" / "dkim-e1.pem"),
        "config": "delivery:\n  dkim:\n    - {selector: e1, domain: news.example.org, "
        "key: {file: data/dkim-e1.pem}}",
    }
    assert record["name"] == "e1._domainkey.news.example.org"
    assert record["type"] == "TXT"
    assert [record["value"]] == record["strings"]


def test_ed25519_comes_with_a_warning(house: House) -> None:
    assert "sign with an rsa key as well" in house.run("e1", "--type", "ed25519").err
    assert house.run("e2", "--type", "ed25519", "--quiet") == Outcome(0, "", "")


def test_with_domain_and_file_no_config_is_needed(tmp_path: Path) -> None:
    ended = House(tmp_path).run("s1", "--domain", "a.example", "-o", str(tmp_path / "s1.pem"))
    assert ended.code == 0
    assert "s1._domainkey.a.example. IN TXT (" in ended.out


def test_a_key_is_never_overwritten(house: House) -> None:
    house.run("s1")
    before = (house.folder / "data" / "dkim-s1.pem").read_bytes()
    ended = house.run("s1")
    assert (ended.code, ended.out) == (73, "")
    assert "dkim-s1.pem: exists already" in ended.err
    assert (house.folder / "data" / "dkim-s1.pem").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["s1", "--bits", "1024"], 2),
        (["s1", "--type", "dsa"], 2),
        (["../s1"], 78),
        (["s1", "--domain", "news_example"], 78),
    ],
)
def test_what_would_not_verify_is_not_made(arguments: list[str], code: int, house: House) -> None:
    assert house.run(*arguments).code == code
    assert not list(house.folder.rglob("*.pem"))
