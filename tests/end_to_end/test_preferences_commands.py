"""`newsletter preferences show|edit|check|diff|schema`, as an operator uses them."""

import json
import stat
import tempfile
from pathlib import Path

import pytest

from tests.end_to_end.house import MONDAY, House, Outcome

ADA = "ada@example.org"
NOW = ("--now", MONDAY)


def ada(house: House) -> Path:
    return house.folder / "subscribers" / f"{ADA}.yaml"


def change(house: House, *words: str) -> Outcome:
    return house.run("preferences", "edit", ADA, *words, *NOW)


def show(house: House, address: str = ADA) -> Outcome:
    return house.run("preferences", "show", address, *NOW)


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor that runs the lines of a script on its file, one for each time it is opened."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # where drafts are kept
    path = tmp_path / "editor"
    path.write_text(
        f'cat "$1" >> {tmp_path}/seen; ls -ld "$(dirname "$1")" >> {tmp_path}/modes\n'
        f"line=$(head -n 1 {tmp_path}/todo); sed -i 1d {tmp_path}/todo\n"
        'eval "$line"\n'
    )
    return path


def edit_with(house: House, editor: Path, *todo: str) -> Outcome:
    (editor.parent / "todo").write_text("\n".join(todo) + "\n")
    return change(house, "--editor", f"sh {editor}")  # no file can be run in some folders


def test_show_has_every_default_marked_and_the_next_three_letters(ready: House) -> None:
    ready.subscribe("eve@example.com", "send: {timezone: Asia/Tokyo}\n")
    assert ready.vouch().code == 0
    shown = show(ready, "eve@example.com")
    assert shown.code == 0
    assert "eve@example.com: confirmed; subscribers/eve@example.com.yaml:1" in shown.out
    assert "  timezone: Asia/Tokyo\n" in shown.out
    assert "  every: weekday                   # default\n" in shown.out
    assert "Tue 2026-11-24 08:00 Asia/Tokyo (Mon 2026-11-23 23:00 UTC)" in shown.out
    assert "Thu 2026-11-26 08:00 Asia/Tokyo" in shown.out
    record = ready.run("preferences", "show", "eve@example.com", "--json", *NOW).json
    assert record["state"] == "confirmed"
    assert "send.every" in record["defaults"]
    assert "send.timezone" not in record["defaults"]
    assert [slot["weekday"] for slot in record["next_slots"]] == ["tue", "wed", "thu"]
    assert record["next_slots"][0]["begins_at"] == "2026-11-23T23:00:00+00:00"


def test_show_says_why_no_letter_comes(ready: House) -> None:
    assert change(ready, "--set", "pause_until=2027-01-04").code == 0
    assert "(paused until 2027-01-04)" in show(ready).out
    assert "Mon 2027-01-04 07:30 Europe/Paris" in show(ready).out
    ready.run("subscribers", "remove", ADA)
    assert "none; unsubscribed" in show(ready).out
    ready.subscribe("new@example.com", "")
    assert (
        "none; the next `send` or `serve` takes this person over"
        in show(ready, "new@example.com").out
    )
    assert show(ready, "nobody@example.com").code == 66


def test_show_of_a_broken_document_tells_the_mistake_and_what_is_in_force(ready: House) -> None:
    path = ada(ready)
    path.write_text(path.read_text().replace("every: weekday", "every: wekday"))
    shown = show(ready)
    assert shown.code == 0
    assert 'did you mean "weekday"' in shown.err
    assert "the last good one is shown" in shown.err
    assert "  every: weekday" in shown.out


def test_a_setting_changes_its_own_bytes_and_tells_what_it_means(ready: House) -> None:
    before = ada(ready).read_text()
    done = change(ready, "--set", "send.at=06:15", "--set", "entries.at_most=3")
    assert done.code == 0
    assert ada(ready).read_text() == before.replace('"07:30"', '"06:15"').replace(
        "at_most: 8", "at_most: 3"
    )
    assert "send.at: 07:30 → 06:15\n" in done.out
    assert "entries.at_most: 8 → 3\n" in done.out
    assert "Tue 2026-11-24 06:15 Europe/Paris (05:15 UTC)" in done.out
    stored = ready.run("subscribers", "show", ADA).out
    assert 'at: "06:15"' in stored


def test_unset_brings_the_default_back(ready: House) -> None:
    done = change(ready, "--unset", "send.at", "--json")
    assert done.json["changes"] == [{"key": "send.at", "before": "07:30", "after": "08:00"}]
    assert done.json["written"] is True
    again = change(ready, "--unset", "send.at")
    assert "Nothing changes." in again.out


@pytest.mark.parametrize(
    ("setting", "complaint"),
    [
        ("send.at=7h", "no time of day"),
        ("sned=x", "unknown key"),
        ("email=eve@example.com", "cannot be changed here"),
        ("send.at", "write a key, = and a value"),
        ("send.at.x=1", 'has no key "x"'),
        ("topics.9=x", "there are only 3 items"),
        ("send.every=[mon", "send.every:"),
    ],
)
def test_a_wrong_setting_writes_nothing(ready: House, setting: str, complaint: str) -> None:
    before = ada(ready).read_bytes()
    refused = change(ready, "--set", setting)
    assert refused.code == 65
    assert complaint in refused.err
    assert ada(ready).read_bytes() == before


def test_the_editor_gets_one_document_of_a_file_and_nobody_else_may_read_it(
    ready: House, editor: Path
) -> None:
    path = ada(ready)
    mine = path.read_text()
    path.write_text(f"{mine}---\nemail: secret@example.com\n")
    done = edit_with(ready, editor, 'sed -i s/07:30/09:00/ "$1"')
    assert done.code == 0
    assert "secret@example.com" not in (editor.parent / "seen").read_text()
    assert (editor.parent / "modes").read_text().startswith("drwx------")
    expected = mine.replace("07:30", "09:00") + "---\nemail: secret@example.com\n"
    assert path.read_text() == expected


def test_mistakes_are_shown_on_top_until_the_draft_is_right(ready: House, editor: Path) -> None:
    before = ada(ready).read_text()
    done = edit_with(
        ready, editor, 'sed -i s/weekday/wekday/ "$1"', 'sed -i "s/wekday #/day #/" "$1"'
    )
    seen = (editor.parent / "seen").read_text()
    assert '# ! line 10: send.every: "wekday" is none of' in seen
    opened = seen[seen.index("# ! This") :].splitlines()
    assert "wekday" in opened[10 - 1]
    assert (done.code, "send.every: weekday → day\n" in done.out) == (0, True)
    assert ada(ready).read_text() == before.replace("weekday #", "day #")


def test_closing_without_a_change_stops_and_keeps_the_draft(ready: House, editor: Path) -> None:
    before = ada(ready).read_bytes()
    refused = edit_with(ready, editor, 'sed -i s/weekday/wekday/ "$1"', "true")
    assert refused.code == 65
    assert ada(ready).read_bytes() == before
    draft = Path(refused.err.split("The draft is kept: ")[1].strip())
    assert "wekday" in draft.read_text()
    assert stat.S_IMODE(draft.parent.stat().st_mode) == 0o700


def test_an_editor_that_changes_nothing_or_fails_changes_nothing(
    ready: House, editor: Path
) -> None:
    before = ada(ready).read_bytes()
    assert "Nothing changes." in edit_with(ready, editor, "true").out
    assert edit_with(ready, editor, "exit 3").code == 65
    gone = change(ready, "--editor", "/nowhere/editor")
    assert gone.code == 65
    assert "name another with --editor" in gone.err
    assert ada(ready).read_bytes() == before


def test_what_somebody_wrote_while_the_editor_was_open_is_not_lost(
    ready: House, editor: Path
) -> None:
    path = ada(ready)
    refused = edit_with(ready, editor, f'echo "# new" >> {path}; sed -i s/07:30/09:00/ "$1"')
    assert refused.code == 65
    assert "changed meanwhile" in refused.err
    draft = Path(refused.err.split("The draft is kept: ")[1].strip())
    assert "09:00" in draft.read_text()
    assert path.read_text().endswith("# new\n")
    assert "07:30" in path.read_text()


def test_check_reads_files_folders_and_standard_input(ready: House, tmp_path: Path) -> None:
    assert ready.run("preferences", "check").out == "All is well: 3 documents.\n"
    broken = tmp_path / "broken.yaml"
    broken.write_text("email: a@example.org\nsned: {}\n---\nemail: b@example.org\nformat: pdf\n")
    found = ready.run("preferences", "check", str(broken))
    assert found.code == 65
    assert f'{broken}:2: sned: unknown key; did you mean "send"?' in found.out
    assert f"{broken}:5: format:" in found.out
    record = ready.run("preferences", "check", str(broken), str(ada(ready)), "--json")
    assert record.code == 65
    assert [one["line"] for one in record.json["problems"]] == [2, 5]
    assert set(record.json["problems"][0]) == {
        *("file", "line", "column", "key", "message", "suggestion")
    }
    assert ready.run("preferences", "check", str(ada(ready))).code == 0
    assert ready.run("preferences", "check", str(tmp_path / "no.yaml")).code == 65


def test_diff_tells_key_by_key_what_a_file_would_change(ready: House, tmp_path: Path) -> None:
    new = tmp_path / "new.yaml"
    new.write_text(ada(ready).read_text().replace("07:30", "06:00").replace("at_most: 8", ""))
    told = ready.run("preferences", "diff", ADA, str(new), *NOW)
    assert told.code == 0
    assert told.out == (
        "send.at: 07:30 → 06:00\n"
        "entries.at_most: 8 → 10\n"
        "Next letter: Tue 2026-11-24 06:00 Europe/Paris (05:00 UTC), "
        "not Tue 2026-11-24 07:30 Europe/Paris (06:30 UTC)\n"
    )
    assert ready.run("preferences", "diff", ADA, *NOW).out.startswith("Nothing changes.\n")


def test_diff_compares_the_folder_with_what_is_in_force(ready: House, tmp_path: Path) -> None:
    path = ada(ready)
    path.write_text(path.read_text().replace("every: weekday", "every: day"))
    record = ready.run("preferences", "diff", ADA, *NOW, "--json").json
    assert record["changes"] == [{"key": "send.every", "before": "weekday", "after": "day"}]
    path.write_text("email: ada@example.org\nsned: {}\n")
    assert ready.run("preferences", "diff", ADA).code == 65
    other = tmp_path / "other.yaml"
    other.write_text("email: ken@example.net\n")
    assert (
        "holds no document of ada@example.org"
        in ready.run("preferences", "diff", ADA, str(other)).err
    )


def test_the_schema_offers_the_topics_of_the_catalogue(ready: House, tmp_path: Path) -> None:
    output = tmp_path / "schema.json"
    written = ready.run("preferences", "schema", "-o", str(output))
    assert f"# yaml-language-server: $schema={output.as_uri()}" in written.err
    schema = json.loads(output.read_text())
    assert "reinforcement-learning" in json.dumps(schema["properties"]["topics"])
    assert json.loads(ready.run("preferences", "schema").out) == schema


def test_all_of_it_works_with_documents_in_the_database(ready: House) -> None:
    ready.edit_config(
        "subscribers: {store: directory, path: subscribers}", "subscribers: {store: database}"
    )
    folder = str(ready.folder / "subscribers")
    assert ready.run("subscribers", "import", folder, "--consent", "moved", *NOW).code == 0
    done = change(ready, "--set", "send.at=06:15")
    assert (done.code, "send.at: 07:30 → 06:15" in done.out) == (0, True)
    assert 'at: "07:30"' in ada(ready).read_text()
    assert 'at: "06:15"' in show(ready).out
    assert ready.run("preferences", "check").code == 0
