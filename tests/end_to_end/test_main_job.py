"""The main job, as a newcomer runs it: collect, vouch, send, look."""

import email
import importlib.util
import os
from email.message import Message
from email.policy import compat32
from pathlib import Path
from types import ModuleType

import pytest

from tests.end_to_end.house import MONDAY, Delivery, House

PEOPLE = ["ada@example.org", "grace@example.com", "ken@example.net"]
POSTAL = "1 Example Street, 12345 Sampletown"


def text_of(delivery: Delivery) -> str:
    parts = email.message_from_bytes(delivery.octets, policy=compat32).walk()
    plain: Message = next(part for part in parts if part.get_content_type() == "text/plain")
    octets = plain.get_payload(decode=True)
    assert isinstance(octets, bytes)
    return octets.decode()


def mailcheck() -> ModuleType:
    """The project's message checker, which lives beside the checkout and not in it."""
    beside = Path(__file__).parents[3] / "shared"
    path = Path(os.environ.get("NEWSLETTER_SHARED", beside)) / "tools" / "mailcheck.py"
    if not path.exists():
        pytest.skip("the message checker is not beside this checkout")
    spec = importlib.util.spec_from_file_location("mailcheck", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_subscriber_gets_one_letter_of_their_own(ready: House) -> None:
    sent = ready.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert sent.code == 0
    assert sent.json["planned"] == sent.json["sent"] == 3
    letters = ready.deliveries()
    assert sorted(letter.recipient for letter in letters) == PEOPLE
    assert len({letter.octets for letter in letters}) == 3
    for edition in sent.json["editions"]:
        assert 1 <= len(edition["entries"]) <= 10
        assert all(entry["reasons"] for entry in edition["entries"])


def test_a_config_that_says_nothing_of_matching_does_it_too(house: House) -> None:
    """With the model of meaning where it is installed, as `make run` has it; else by words alone."""
    house.edit_config('matching: {semantic: "off"}\n', "")
    assert house.run("collect", "--now", MONDAY).code == 0
    assert house.vouch().code == 0
    sent = house.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert sent.json["planned"] == sent.json["sent"] == 3
    assert sorted(letter.recipient for letter in house.deliveries()) == PEOPLE


def test_a_letter_shows_each_title_with_its_reason_in_the_subscriber_own_words(
    ready: House,
) -> None:
    editions = ready.run("send", "--ignore-schedule", "--now", MONDAY, "--json").json["editions"]
    texts = {letter.recipient: " ".join(text_of(letter).split()) for letter in ready.deliveries()}
    for edition in editions:
        text = texts[edition["subscriber"]]
        for entry in edition["entries"]:
            assert entry["reasons"][0].split(":")[0] in text
    assert "guardrails" in texts["ada@example.org"]
    assert "you follow amazon" in texts["ken@example.net"].lower()


def test_sending_again_sends_nothing_twice_and_says_why(ready: House) -> None:
    ready.run("send", "--ignore-schedule", "--now", MONDAY)
    again = ready.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert again.code == 0
    assert again.json["planned"] == 0
    assert again.json["skipped"] == {"nothing-new": 3}
    assert len(ready.deliveries()) == 3


def test_what_arrives_passes_the_message_checker_but_for_the_signature(ready: House) -> None:
    checker = mailcheck()
    ready.run("send", "--ignore-schedule", "--now", MONDAY)
    for letter in ready.deliveries():
        others = [address for address in PEOPLE if address != letter.recipient]
        found = checker.check(
            letter.octets, letter.sender, letter.recipient, others=others, postal=POSTAL
        )
        assert [number for number, _ in found] == ["B22"]


def test_what_you_preview_is_what_is_sent(ready: House) -> None:
    due = "2026-11-24T06:30+00:00"  # half past seven in Paris
    before = "2026-11-23T20:00+00:00"
    shown = ready.folder / "shown.eml"
    previewed = ready.run(
        "preview", "ada@example.org", "--format", "eml", "-o", str(shown), "--now", before
    )
    assert previewed.code == 0
    assert ready.run("send", "--subscriber", "ada@example.org", "--now", due).code == 0
    assert ready.deliveries()[0].octets == shown.read_bytes()
    ready.run(
        "preview", "ada@example.org", "--format", "eml", "--last", "-o", str(shown), "--now", due
    )
    assert ready.deliveries()[0].octets == shown.read_bytes()


def test_a_dry_run_writes_files_and_records_nothing(ready: House, tmp_path: Path) -> None:
    folder = tmp_path / "dry"
    dry = ready.run(
        "send", "--ignore-schedule", "--dry-run", str(folder), "--now", MONDAY, "--json"
    )
    assert dry.code == 0
    assert sorted(path.stem for path in folder.glob("*.eml")) == PEOPLE
    assert ready.deliveries() == []
    assert ready.run("send", "--ignore-schedule", "--now", MONDAY, "--json").json["sent"] == 3


def test_the_operator_can_ask_why_and_see_every_term(ready: House) -> None:
    early = ready.run("why", "ken@example.net", "--now", MONDAY, "--json").json
    assert early["reason"] == "not-due"
    sent = ready.run("send", "--ignore-schedule", "--now", MONDAY, "--json").json
    after = ready.run("why", "ken@example.net", "--now", MONDAY, "--json").json
    assert after["reason"] is None
    assert "handed over" in after["detail"]
    for edition in sent["editions"]:
        first = edition["entries"][0]
        explained = ready.run("explain", edition["subscriber"], first["id"], "--json").json
        assert explained["sent"]
        assert sum(term["value"] for term in explained["terms"]) == explained["score"]
        assert explained["reasons"] == first["reasons"]


def test_the_ledger_adds_up(ready: House) -> None:
    ready.run("send", "--ignore-schedule", "--now", MONDAY)
    status = ready.run("status", "--json").json
    parts = ("sent", "failed", "cancelled", "uncertain", "waiting")
    assert status["planned"] == sum(status[part] for part in parts) == 3
    rows = ready.run("deliveries", "--json").json["deliveries"]
    assert {row["state"] for row in rows} == {"sent"}
    assert len({row["message_id"] for row in rows}) == 3


def test_entries_show_everything_the_sources_said(ready: House) -> None:
    entries = ready.run("entries", "--json").json["entries"]
    assert len(entries) > 50
    numbers = [entry["release_no"] for entry in entries]
    assert numbers == sorted(set(numbers))
    assert ready.run("collect", "--now", MONDAY, "--json").json["sources"][0]["state"] == (
        "unchanged"
    )


def test_every_report_is_readable_without_json_too(ready: House) -> None:
    sent = ready.run("send", "--ignore-schedule", "--now", MONDAY)
    assert "3 letters: 3 sent" in sent.out
    for words in (
        ["status"],
        ["deliveries"],
        ["entries"],
        ["subscribers", "list"],
        ["subscribers", "show", "ada@example.org"],
        ["why", "ada@example.org", "--now", MONDAY],
        ["check"],
    ):
        outcome = ready.run(*words)
        assert outcome.code == 0, outcome
        assert outcome.out.strip()


def test_the_doctor_finds_nothing_in_the_way_of_a_trial(ready: House) -> None:
    text = (ready.folder / "config.yaml").read_text()
    relay = next(line for line in text.splitlines() if line.startswith("  relays: ["))
    ready.edit_config(relay, "  relays: embedded")
    examined = ready.run("doctor", "--json")
    assert examined.code == 0
    findings = {one["subject"]: one for one in examined.json["findings"]}
    assert findings["relay"]["verdict"] == "warn"
    assert findings["database"]["verdict"] == findings["secret"]["verdict"] == "ok"
