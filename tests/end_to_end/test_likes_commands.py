"""What an operator does with the likes of a reader, and a reader with the links of a letter."""

import email
import json
import re
from email import policy
from functools import partial
from pathlib import Path

import pytest

from newsletter.bootstrap import BallotBox, open_newsroom
from newsletter.web import Health, Site, WebServer, make_app
from tests.end_to_end.house import MONDAY, House
from tests.web.plain_client import client_of

ADA = "ada@example.org"
LIBRARY = """
@article{stored, title={Whatever it is called here}, eprint={%s}}
@article{elsewhere, title={Owls that read}, author={Marta Example and Joon Sample},
  abstract={Owls read papers at night.}, doi={10.1234/owls}}
@article{bare, title={Owls that sleep}, author={Example, Marta}}
@article{broken, title={never closed
@misc{empty, year={2024}}
"""


@pytest.fixture
def reader(house: House) -> House:
    """Have one reader and a day of entries."""
    house.subscribe(ADA, 'topics: [{name: l, query: "learning OR model*"}]\n')
    house.vouch()
    house.run("collect", "--now", MONDAY)
    return house


def stored_ids(house: House) -> list[str]:
    with open_newsroom(house.folder / "config.yaml") as room:
        return [str(one.id) for one in room.entries.find()]


def votes(house: House) -> dict[str, int]:
    shown = house.run("likes", "show", ADA, "--json").json
    return {one["entry"]: one["vote"] for one in shown["votes"]}


def test_likes_are_noted_shown_and_forgotten(reader: House) -> None:
    first, second, third = stored_ids(reader)[:3]
    assert "neither liked nor disliked" in reader.run("likes", "show", ADA).out
    assert reader.run("likes", "add", ADA, first, second).code == 0
    assert reader.run("likes", "less", ADA, second, third, "--json").json["entries"] == [
        second,
        third,
    ]
    assert votes(reader) == {first: 1, second: -1, third: -1}
    table = reader.run("likes", "show", ADA).out
    assert first in table
    assert "more" in table
    assert votes(reader).keys() == {
        one["entry"] for one in reader.run("subscribers", "data", ADA).json["votes"]
    }
    assert reader.run("likes", "forget", ADA, first).out.startswith("Forgotten: 1 vote of")
    assert reader.run("likes", "forget", ADA).code == 1
    assert reader.run("likes", "forget", ADA, "--yes", "--json").json == {"forgotten": 2}
    assert votes(reader) == {}


def test_an_entry_is_named_as_people_name_it_and_an_unknown_one_changes_nothing(
    reader: House,
) -> None:
    arxiv = next(one for one in stored_ids(reader) if one.startswith("arxiv:"))
    number = arxiv.removeprefix("arxiv:")
    address = f"https://arxiv.org/abs/{number}v2"
    assert reader.run("likes", "add", ADA, address).code == 0
    assert votes(reader) == {arxiv: 1}
    told = reader.run("likes", "less", ADA, arxiv, "10.1234/nowhere", "nonsense")
    assert told.code == 65
    assert "10.1234/nowhere: is not stored" in told.err
    assert votes(reader) == {arxiv: 1}
    assert reader.run("likes", "show", "nobody@example.org").code != 0


def test_a_library_teaches_and_what_it_brings_is_no_news(reader: House, tmp_path: Path) -> None:
    arxiv = next(one for one in stored_ids(reader) if one.startswith("arxiv:"))
    before = stored_ids(reader)
    file = tmp_path / "library.bib"
    file.write_text(LIBRARY % arxiv.removeprefix("arxiv:"), encoding="utf-8")

    told = reader.run("likes", "import", ADA, str(file))
    assert told.code == 0
    assert "likes 3 papers: 1 stored before, 2 known from now on." in " ".join(told.out.split())
    assert "1 of them teach by their title alone" in told.out
    assert f"{file}:6: @article of line 6 has a value that is never closed" in told.err
    assert "has neither a title nor an arXiv id or DOI" in told.err

    assert len(votes(reader)) == 3
    assert stored_ids(reader) == before
    titles = {one["title"] for one in reader.run("likes", "show", ADA, "--json").json["votes"]}
    assert {"Owls that read", "Owls that sleep"} <= titles
    again = reader.run("likes", "import", ADA, str(file), "--json").json
    assert (len(again["found"]), again["added"]) == (3, [])
    assert len(votes(reader)) == 3

    ids = tmp_path / "ids.txt"
    ids.write_text("10.1234/OWLS\n10.1234/unheard-of\n", encoding="utf-8")
    taken = reader.run("likes", "import", ADA, str(ids), "--json").json
    assert taken["found"] == ["doi:10.1234/owls"]
    assert taken["problems"] == [f"{ids}: line 2: is not stored, and tells no title"]


def test_a_file_of_which_nothing_can_be_used_is_told(reader: House, tmp_path: Path) -> None:
    file = tmp_path / "library.json"
    file.write_text("[1]", encoding="utf-8")
    told = reader.run("likes", "import", ADA, str(file))
    assert told.code == 65
    assert "item 1: is no {…}" in told.err
    with pytest.raises(FileNotFoundError):
        reader.run("likes", "import", ADA, str(tmp_path / "none.bib"))


def test_authors_of_two_liked_entries_are_suggested_with_the_lines_to_write(
    reader: House, tmp_path: Path
) -> None:
    assert "No author of two liked entries" in reader.run("likes", "suggest", ADA).out
    file = tmp_path / "library.bib"
    file.write_text(LIBRARY % "2605.99999", encoding="utf-8")
    reader.run("likes", "import", ADA, str(file))
    assert reader.run("likes", "suggest", ADA, "--json").json == {
        "authors": [{"name": "Marta Example", "liked": 2}]
    }
    assert 'authors: ["Marta Example"]' in reader.run("likes", "suggest", ADA).out
    reader.subscribe(ADA, "follow: {authors: ['Example, Marta']}\n")
    assert reader.run("likes", "suggest", ADA, "--json").json == {"authors": []}


def test_who_switched_learning_off_is_told(reader: House) -> None:
    reader.run("likes", "add", ADA, stored_ids(reader)[0])
    reader.subscribe(ADA, "entries: {learn: no}\n")
    assert "entries.learn: false" in reader.run("likes", "show", ADA).out
    assert reader.run("likes", "show", ADA, "--json").json["learn"] is False


def test_the_links_of_a_letter_vote_for_its_entries_and_outlive_it(reader: House) -> None:
    config = reader.folder / "config.yaml"
    text = config.read_text(encoding="utf-8")
    if "\n  url:" not in text:
        reader.edit_config("newsletter:\n", "newsletter:\n  url: https://news.example.org\n")
    reader.run("send", "--ignore-schedule", "--now", MONDAY)
    (delivery,) = [one for one in reader.deliveries() if one.recipient == ADA]
    html = email.message_from_bytes(delivery.octets, policy=policy.default).get_body(("html",))
    assert html is not None
    links = re.findall(r'href="(https?://[^"]*/likes/[^"]+)"', html.get_content())
    assert links
    assert len(set(links)) == len(links)
    (token,) = {link.split("/")[-2] for link in links}

    with open_newsroom(config) as room:
        box = BallotBox(room)
        app = make_app(
            Site(
                name="N",
                health=partial(Health, is_well=True),
                ballots=box,
            )
        )
        server = WebServer(app, port=0)
        server.start()
        try:
            with client_of(server.url) as client:
                looked = client.get(f"/likes/{token}/1")
                assert looked.status_code == 200
                assert "Why it was in your letter" in looked.text
                assert votes(reader) == {}
                assert client.post(f"/likes/{token}/1", data={"vote": "more"}).status_code == 200
                assert client.post(f"/likes/{token}/2", data={"vote": "less"}).status_code == 200
                assert client.get(f"/likes/{token}/999").status_code == 404
                assert sorted(votes(reader).values()) == [-1, 1]
                reader.run("purge", "--now", "2027-03-01T12:00+00:00")
                later = client.get(f"/likes/{token}/1")
                assert later.status_code == 200
                assert "more like this" in later.text
                assert "Why it was" not in later.text
                client.post(f"/likes/{token}/1", data={"vote": "none"})
                assert sorted(votes(reader).values()) == [-1]
                reader.run("subscribers", "remove", ADA)
                assert client.get(f"/likes/{token}/1").status_code == 404
                assert client.post(f"/likes/{token}/1", data={"vote": "more"}).status_code == 404
                reader.run("subscribers", "erase", ADA, "--yes")
                assert client.get(f"/likes/{token}").status_code == 404
        finally:
            server.stop()


def test_what_is_known_of_likes_is_plain_json(reader: House) -> None:
    reader.run("likes", "add", ADA, stored_ids(reader)[0])
    (vote,) = json.loads(reader.run("likes", "show", ADA, "--json").out)["votes"]
    assert set(vote) == {"entry", "vote", "voted_at", "title"}
