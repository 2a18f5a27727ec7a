"""One bad thing stops nobody else; the report names it and the exit code tells."""

from tests.end_to_end.house import MONDAY, House


def test_a_broken_document_leaves_the_others_their_letters(ready: House) -> None:
    ready.subscribe("bob@example.org", "send: {evry: day}\n")
    sent = ready.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert sent.code == 65
    assert sent.json["sent"] == 3
    assert "bob@example.org.yaml:2" in sent.err
    assert 'did you mean "every"?' in sent.err


def test_the_last_good_document_stays_in_force(ready: House) -> None:
    path = ready.folder / "subscribers" / "ada@example.org.yaml"
    path.write_text(path.read_text() + "\nsurprise: yes\n")
    sent = ready.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert sent.code == 65
    assert "ada@example.org" in {edition["subscriber"] for edition in sent.json["editions"]}


def test_a_deleted_document_stops_letters_and_says_so(ready: House) -> None:
    (ready.folder / "subscribers" / "ada@example.org.yaml").unlink()
    sent = ready.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert sent.json["skipped"] == {"no-document": 1}
    assert sent.json["sent"] == 2


def test_a_subscribers_folder_that_is_away_takes_nobody_out(ready: House) -> None:
    (ready.folder / "subscribers").rename(ready.folder / "elsewhere")
    sent = ready.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert sent.json["sent"] == 3
    assert sent.code == 78


def test_a_source_that_fails_is_a_line_in_the_report(house: House) -> None:
    old = "  samples: {kind: file, path: samples/entries.yaml}"
    house.edit_config(old, "  gone: {kind: file, path: samples/gone.yaml}\n" + old)
    collected = house.run("collect", "--now", MONDAY, "--json")
    assert collected.code == 75
    states = {source["name"]: source["state"] for source in collected.json["sources"]}
    assert states == {"gone": "failed", "samples": "fresh"}
    assert house.vouch().code == 0
    sent = house.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert sent.json["sent"] == 3
    assert sent.code == 75
    alarms = house.run("status", "--now", MONDAY, "--json").json["alarms"]
    assert len(alarms) == 1
    assert "gone" in alarms[0]


def test_a_template_that_breaks_for_one_reader_fails_for_that_reader_alone(ready: House) -> None:
    entry = ready.folder / "templates" / "partials" / "entry.txt.j2"
    entry.parent.mkdir(parents=True)
    entry.write_text("{{ entry.title }}{{ 1 // (letter.reader_name != 'Ken') }}\n")
    sent = ready.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert sent.code == 70
    states = {edition["subscriber"]: edition["state"] for edition in sent.json["editions"]}
    assert states == {
        "ada@example.org": "sent",
        "grace@example.com": "sent",
        "ken@example.net": "failed",
    }
    failed = ready.run("deliveries", "--state", "failed", "--json").json["deliveries"]
    assert "entry.txt.j2" in failed[0]["last_reply"]


def test_a_mended_template_reaches_the_failed_letter_by_retry(ready: House) -> None:
    entry = ready.folder / "templates" / "partials" / "entry.txt.j2"
    entry.parent.mkdir(parents=True)
    entry.write_text("{{ entry.title }}{{ 1 // (letter.reader_name != 'Ken') }}\n")
    assert ready.run("send", "--ignore-schedule", "--now", MONDAY).code == 70
    entry.unlink()
    assert len(ready.run("retry", "--json").json["queued"]) == 1
    assert ready.run("send", "--now", MONDAY, "--json").json["sent"] == 1
    assert max(letter.recipient for letter in ready.deliveries()) == "ken@example.net"


def test_a_relay_that_is_away_leaves_the_letters_waiting(ready: House) -> None:
    text = (ready.folder / "config.yaml").read_text()
    port = text.split("port: ")[1].split(",")[0]
    ready.edit_config(f"port: {port}", "port: 1")
    sent = ready.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert sent.code == 75
    assert sent.json["waiting"] == 3
    why = ready.run("why", "ada@example.org", "--now", MONDAY, "--json").json
    assert why["reason"] == "trouble"
    ready.edit_config("port: 1,", f"port: {port},")
    later = ready.run("send", "--now", "2026-11-23T12:10+00:00", "--json")
    assert later.code == 0
    assert later.json["sent"] == 3
    assert len(ready.deliveries()) == 3


def test_an_unknown_address_and_an_unknown_entry_are_said_plainly(ready: House) -> None:
    nobody = ready.run("why", "nobody@example.org")
    assert nobody.code == 66
    assert "nobody@example.org" in nobody.err
    nothing = ready.run("explain", "ada@example.org", "arxiv:0000.00000")
    assert nothing.code == 66


def test_a_missing_config_says_how_to_make_one(house: House) -> None:
    (house.folder / "config.yaml").unlink()
    outcome = house.run("status")
    assert outcome.code == 78
    assert "newsletter init DIR" in outcome.err


def test_letters_that_wait_are_named_by_every_send_until_they_left(ready: House) -> None:
    text = (ready.folder / "config.yaml").read_text()
    port = text.split("port: ")[1].split(",")[0]
    ready.edit_config(f"port: {port}", "port: 1")
    assert ready.run("send", "--ignore-schedule", "--now", MONDAY).code == 75
    again = ready.run("send", "--now", MONDAY, "--json")
    assert again.code == 75
    assert again.json["waiting"] == again.json["planned"] == 3
    assert again.json["skipped"] == {}
    ready.edit_config("port: 1,", f"port: {port},")
    assert len(ready.run("retry", "--json").json["queued"]) == 3
    assert ready.run("send", "--now", MONDAY, "--json").json["sent"] == 3


def test_what_people_write_is_shown_as_they_wrote_it(ready: House) -> None:
    ready.subscribe("bob@example.org", 'name: "[/b] Bob"\nsend: {every: [mon, sat]}\n')
    assert ready.vouch().code == 0
    shown = ready.run("subscribers", "show", "bob@example.org").out
    assert "[/b] Bob" in shown
    assert "[mon, sat]" in shown
    ready.subscribe("eve@example.org", 'format: "[/b]"\n')
    checked = ready.run("check")
    assert checked.code == 65
    assert "[/b]" in checked.out


def test_a_link_that_leads_in_a_circle_is_a_problem_and_no_end(ready: House) -> None:
    loop = ready.folder / "subscribers" / "loop.yaml"
    loop.symlink_to(loop)
    checked = ready.run("check")
    assert checked.code == 65
    assert "loop.yaml" in checked.out


def test_a_list_of_no_relays_is_a_mistake_of_the_config(ready: House) -> None:
    text = (ready.folder / "config.yaml").read_text()
    relay = next(line for line in text.splitlines() if line.startswith("  relays: ["))
    ready.edit_config(relay, "  relays: []")
    checked = ready.run("check")
    assert checked.code == 78
    assert "delivery.relays" in checked.out


def test_a_moment_beyond_all_calendars_is_refused(ready: House) -> None:
    for moment in ("9999-12-31T23:59+00:00", "0001-01-01T00:00+00:00", "tomorrow"):
        assert ready.run("send", "--now", moment).code == 2
