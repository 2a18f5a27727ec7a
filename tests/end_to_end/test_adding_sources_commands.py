"""`sources add`: one command from an address to a source that collects."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator

import pytest

from newsletter.testing.services import Fault, Services
from tests.end_to_end.house import House


@pytest.fixture
def services() -> Iterator[Services]:
    with Services() as running:
        yield running


@pytest.fixture
def open_house(house: House) -> House:
    """A house that may ask the services on this machine."""
    house.edit_config("log: {", "http: {allow: ['127.0.0.1']}\nlog: {")
    return house


def config_of(house: House) -> str:
    return (house.folder / "config.yaml").read_text("utf-8")


def test_a_page_becomes_a_source_that_collects(open_house: House, services: Services) -> None:
    before = config_of(open_house)

    added = open_house.run("sources", "add", f"{services.base('blogs')}/marginalia/", "--yes")

    assert added.code == 0
    assert "Marginalia" in added.out
    assert "Written to" in added.out
    assert "/blogs/marginalia/atom.xml: 200" in added.err
    after = config_of(open_house)
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []
    assert "  marginalia: # Marginalia\n    kind: feed\n" in after
    (report,) = open_house.run("collect", "marginalia", "--json").json["sources"]
    assert (report["state"], report["kind"]) == ("fresh", "feed")
    assert len(services.requests_to("blogs", "/marginalia/atom.xml")) == 2  # once by each command


def test_without_somebody_to_ask_the_block_is_shown_and_nothing_written(
    open_house: House, services: Services
) -> None:
    before = config_of(open_house)
    url = f"{services.base('blogs')}/tideline/index.rdf"

    shown = open_house.run("sources", "add", url)
    told = open_house.run("sources", "add", url, "--name", "sea", "--json").json

    assert shown.code == 0
    assert f"    kind: feed\n    url: '{url}'\n" in shown.out
    assert "Nothing was written; with --yes it is" in shown.err
    assert config_of(open_house) == before
    assert (told["name"], told["written"], told["known_as"]) == ("sea", False, None)
    (candidate,) = told["candidates"]
    assert (candidate["kind"], candidate["title"]) == ("feed", "The Tideline")
    assert candidate["settings"] == {"url": url}
    assert candidate["posts"] == len(told["entries"]) > 0
    assert told["entries"][0]["title"]
    assert told["pull"]["state"] == "fresh"
    assert open_house.run("entries", "--json").json["entries"] == []


def test_of_several_feeds_the_first_is_proposed_and_the_others_are_told(
    open_house: House, services: Services
) -> None:
    url = f"{services.base('blogs')}/"
    shown = open_house.run("sources", "add", url)
    assert f"To take another one: newsletter sources add {url}marginalia/atom.xml" in shown.out
    assert f"4. {url}ledger/feed.json" in shown.out
    assert "\n  workshop-notes: # Workshop Notes\n" in shown.out


def test_what_is_configured_already_is_told_and_not_written_twice(
    open_house: House, services: Services
) -> None:
    url = f"{services.base('blogs')}/workshop/rss.xml"
    assert open_house.run("sources", "add", url, "--yes", "--name", "notes").code == 0
    before = config_of(open_house)

    again = open_house.run("sources", "add", url, "--yes")
    told = open_house.run("sources", "add", url, "--yes", "--json").json

    assert again.code == 0
    assert "already, as notes. Nothing was written." in again.out
    assert (told["known_as"], told["written"]) == ("notes", False)
    assert config_of(open_house) == before


def test_a_file_is_a_source_too(house: House) -> None:
    path = house.folder / "lists" / "harbours.jsonl"
    path.parent.mkdir()
    path.write_text('{"title": "Silt in small harbours"}\n', encoding="utf-8")

    assert house.run("sources", "add", str(path), "--yes").code == 0

    assert "  harbours:\n    kind: file\n    path: lists/harbours.jsonl\n" in config_of(house)
    assert house.run("collect", "harbours", "--json").json["sources"][0]["new"] == 1


@pytest.mark.parametrize(
    ("path", "code"), [("/workshop/nothing", 66), ("/marginalia/a-post-that-is-not", 66)]
)
def test_what_is_no_source_ends_with_66(
    open_house: House, services: Services, path: str, code: int
) -> None:
    outcome = open_house.run("sources", "add", f"{services.base('blogs')}{path}", "--yes")
    assert outcome.code == code
    assert "404" in outcome.err
    assert "Correct the address" in outcome.err


def test_a_server_that_fails_ends_with_75(open_house: House, services: Services) -> None:
    services.fault("blogs", Fault.SERVER_ERROR)
    before = config_of(open_house)
    outcome = open_house.run("sources", "add", services.base("blogs"), "--yes", "--json")
    assert outcome.code == 75
    assert outcome.json["candidates"] == []
    assert config_of(open_house) == before


def test_addresses_of_this_house_are_not_asked_unless_allowed(
    house: House, services: Services
) -> None:
    outcome = house.run("sources", "add", f"{services.base('blogs')}/", "--yes")
    assert outcome.code == 75
    assert "http.allow" in outcome.err
    assert services.requests == ()


@pytest.mark.parametrize("name", ["samples", "no name"])
def test_a_name_that_cannot_be_given_is_a_mistake_of_the_command_line(
    house: House, name: str
) -> None:
    outcome = house.run("sources", "add", "https://blog.example.org", "--name", name)
    assert outcome.code == 2  # the program's own entry makes it 64
    assert "--name" in outcome.err


@pytest.mark.parametrize(("answer", "is_written"), [("y\n", True), ("n\n", False)])
def test_on_a_terminal_somebody_is_asked(house: House, answer: str, *, is_written: bool) -> None:
    path = house.folder / "our.jsonl"
    path.write_text('{"title": "Silt in small harbours"}\n', encoding="utf-8")
    keyboard, terminal = pty.openpty()
    os.write(keyboard, answer.encode())
    try:
        done = subprocess.run(
            [
                *(
                    sys.executable,
                    "-m",
                    "newsletter",
                    "--config",
                    str(house.folder / "config.yaml"),
                ),
                *("sources", "add", str(path)),
            ],
            stdin=terminal,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    finally:
        os.close(keyboard)
        os.close(terminal)
    assert done.returncode == 0, done.stderr
    assert "Write this into config.yaml?" in done.stderr
    assert ("kind: file\n    path: our.jsonl" in config_of(house)) == is_written
