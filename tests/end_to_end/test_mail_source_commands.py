"""What the operator sees of a source that takes mail."""

import json
import re

import pytest
from typer.testing import CliRunner

from newsletter.cli import app
from tests.end_to_end.house import House


@pytest.fixture
def desk(house: House) -> House:
    """A house with a source that takes mail beside its own."""
    house.edit_config(
        "samples: {kind: file", "desk: {kind: mail, from: [example.com]}\n  samples: {kind: file"
    )
    return house


def test_the_address_of_a_source_is_shown_and_stays(desk: House) -> None:
    shown = desk.run("sources", "address", "desk").out.strip()
    assert re.fullmatch(r"submit\+[a-z2-7]{26}@news\.example\.org", shown)
    told = desk.run("sources", "address", "desk", "--json").json
    assert told == {"source": "desk", "address": shown}


def test_another_source_has_no_address(desk: House) -> None:
    done = desk.run("sources", "address", "samples")
    assert done.code == 78
    assert "takes no mail" in done.err


def test_a_message_for_a_source_is_told_as_such(desk: House) -> None:
    address = desk.run("sources", "address", "desk").out.strip()
    mail = "From: a@example.com\r\nSubject: x\r\n\r\nhttps://example.org/a A title of three\r\n"
    config = str(desk.folder / "config.yaml")
    words = ["--config", config, "--json", "receive", "--recipient", address]
    told = json.loads(CliRunner().invoke(app, words, input=mail).stdout)
    assert (told["kind"], told["answered"]) == ("other", False)
    (report,) = desk.run("collect", "desk", "--json").json["sources"]
    assert (report["state"], report["new"], report["kind"]) == ("fresh", 1, "mail")
