"""One document among others is written in its place; everything else stays, whatever happens."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from newsletter.errors import PreferencesError
from newsletter.model import AddressKey, Preferences, Problem
from newsletter.preferences import UNNAMED, DirectoryStore, Surroundings
from newsletter.preferences.editing.changing import change_document
from newsletter.preferences.folder.whole_files import locked, write_whole

ADA = AddressKey("ada@example.org")
KEN = AddressKey("ken@example.net")
ROOT = Path(__file__).parent.parent.parent
SEVERAL = (
    b"# the team\r\n"
    b"email: Ada@Example.org\r\n"
    b"send: {at: '07:30'} # early\r\n"
    b"--- # next\r\n"
    b"emial: somebody@example.com\r\n"
    b"---\r\n"
    b"email: ken@example.net # Ken\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "subscribers"
    made.mkdir()
    return made


def store(folder: Path) -> DirectoryStore:
    return DirectoryStore(folder, {}, Preferences(email=UNNAMED))


def text_of(folder: Path, address: AddressKey) -> str:
    source = store(folder).source_of(address)
    assert source
    return source.text


def write(folder: Path, address: AddressKey, text: str, expected: str | None) -> None:
    store(folder).replace(address, text, expected=expected)


def test_a_document_is_found_as_it_is_written_with_its_place(folder: Path) -> None:
    (folder / "team.yaml").write_bytes(SEVERAL)
    source = store(folder).source_of(KEN)
    assert source
    assert source.text == "email: ken@example.net # Ken\n"
    assert source.place == "subscribers/team.yaml:7"
    assert store(folder).source_of(AddressKey("nobody@example.org")) is None


def test_only_the_bytes_of_the_one_document_change(folder: Path) -> None:
    file = folder / "team.yaml"
    file.write_bytes(SEVERAL)
    old = text_of(folder, ADA)
    write(folder, ADA, old.replace("07:30", "06:00"), old)
    assert file.read_bytes() == SEVERAL.replace(b"07:30", b"06:00")
    write(folder, KEN, "email: ken@example.net\nname: Ken", text_of(folder, KEN))
    assert file.read_bytes().endswith(b"---\r\nemail: ken@example.net\nname: Ken")


def test_the_last_line_of_a_document_never_runs_into_the_next(folder: Path) -> None:
    file = folder / "team.yaml"
    file.write_bytes(b"\xef\xbb\xbfemail: ada@example.org\n---\nemail: ken@example.net\n")
    write(folder, ADA, "email: ada@example.org\nname: Ada", text_of(folder, ADA))
    whole = file.read_bytes()
    assert whole.startswith(b"\xef\xbb\xbfemail: ada@example.org\nname: Ada\n---\nemail: ken")
    assert len(store(folder).read().documents) == 2


def test_a_broken_document_is_found_and_mended_in_its_place(folder: Path) -> None:
    file = folder / "team.yaml"
    file.write_text("email: ada@example.org\nname: [\n---\nemail: ken@example.net\n")
    broken = text_of(folder, ADA)
    assert broken == "email: ada@example.org\nname: [\n"
    write(folder, ADA, "email: ada@example.org\n", broken)
    assert file.read_text() == "email: ada@example.org\n---\nemail: ken@example.net\n"


def test_a_part_that_may_hold_two_people_is_left_alone(folder: Path) -> None:
    file = folder / "team.yaml"
    file.write_text("email: ada@example.org\nemail: ken@example.net\n")
    before = file.read_bytes()
    assert store(folder).source_of(ADA) is None
    with pytest.raises(PreferencesError, match="newsletter check"):
        write(folder, ADA, "email: ada@example.org\n", None)
    assert file.read_bytes() == before
    assert [path.name for path in folder.glob("*.yaml")] == ["team.yaml"]


def test_a_new_document_gets_a_file_of_its_own(folder: Path) -> None:
    write(folder, ADA, "email: ada@example.org\n", None)
    assert (folder / "ada@example.org.yaml").read_text() == "email: ada@example.org\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("email: ken@example.net\n", "is of ken@example.net, not of ada@example.org"),
        ("email: ada@example.org\n---\nemail: ken@example.net\n", "not of ada@example.org alone"),
        ("# nothing\n", "is of nobody"),
        ("email: ada@example.org\nsned: {}\n", 'the new document:2: sned: .*did you mean "send"'),
    ],
)
def test_what_is_no_document_of_that_person_is_not_written(
    folder: Path, text: str, complaint: str
) -> None:
    (folder / "ada.yaml").write_text("email: ada@example.org\n")
    with pytest.raises(PreferencesError, match=complaint):
        write(folder, ADA, text, "email: ada@example.org\n")
    assert (folder / "ada.yaml").read_text() == "email: ada@example.org\n"


def test_what_somebody_else_wrote_meanwhile_is_not_lost(folder: Path) -> None:
    (folder / "ada.yaml").write_text("email: ada@example.org\nname: Ada\n")
    for expected in ("email: ada@example.org\n", None):
        with pytest.raises(PreferencesError, match="was changed meanwhile"):
            write(folder, ADA, "email: ada@example.org\n", expected)
    with pytest.raises(PreferencesError, match="is gone meanwhile"):
        write(folder, KEN, "email: ken@example.net\n", "email: ken@example.net\n")
    assert [path.name for path in folder.glob("*.yaml")] == ["ada.yaml"]


def test_two_documents_of_one_person_are_named_and_left_alone(folder: Path) -> None:
    (folder / "a.yaml").write_text("email: ada@example.org\n")
    (folder / "b.yaml").write_text("name: A\nemail: ADA@example.org\n")
    with pytest.raises(PreferencesError, match=r"subscribers/b.yaml:1: .* subscribers/a.yaml:1"):
        write(folder, ADA, "email: ada@example.org\n", "email: ada@example.org\n")


def test_the_mode_of_the_file_stays(folder: Path) -> None:
    file = folder / "ada.yaml"
    file.write_text("email: ada@example.org\n")
    file.chmod(0o640)
    write(folder, ADA, "email: ada@example.org\nname: A\n", "email: ada@example.org\n")
    assert file.stat().st_mode & 0o7777 == 0o640
    assert sorted(path.name for path in folder.iterdir()) == [".newsletter-lock", "ada.yaml"]


def test_a_link_inside_the_folder_stays_a_link(folder: Path) -> None:
    (folder / "kept").mkdir()
    real = folder / "kept" / "ada.txt"
    real.write_text("email: ada@example.org\n")
    (folder / "ada.yaml").symlink_to(real)
    write(folder, ADA, "email: ada@example.org\nname: A\n", "email: ada@example.org\n")
    assert (folder / "ada.yaml").is_symlink()
    assert real.read_text() == "email: ada@example.org\nname: A\n"


def test_a_link_out_of_the_folder_is_never_written(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "ada.yaml"
    outside.write_text("email: ada@example.org\n")
    (folder / "ada.yaml").symlink_to(outside)
    assert store(folder).source_of(ADA) is None
    (folder / "ada@example.org.yaml").symlink_to(outside)
    with pytest.raises(PreferencesError):
        write(folder, ADA, "email: ada@example.org\nname: A\n", None)
    assert outside.read_text() == "email: ada@example.org\n"


def test_a_folder_that_is_not_there_is_named_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(PreferencesError, match=r"cannot be written .*let the program's user write"):
        write(tmp_path / "nowhere", ADA, "email: ada@example.org\n", None)


def test_a_file_that_an_editor_saves_in_the_last_moment_is_not_overwritten(folder: Path) -> None:
    file = folder / "ada.yaml"
    file.write_text("saved by an editor")
    with pytest.raises(PreferencesError, match="was changed meanwhile"):
        write_whole(file, b"new", expected=b"read before")
    assert file.read_text() == "saved by an editor"
    assert list(folder.iterdir()) == [file]


def test_who_changes_a_document_from_outside_cannot_move_it_to_another_address(
    folder: Path,
) -> None:
    (folder / "ada.yaml").write_text("email: ada@example.org\n")
    around = Surroundings()
    refused = change_document(store(folder), around, ADA, "name: A\nemail: eve@example.com\n")
    assert refused == (
        Problem(
            "your preferences", 2, 8, "email", "cannot be changed here",
            "write ada@example.org; a new address subscribes for itself",
        ),
    )  # fmt: skip
    broken = change_document(store(folder), around, ADA, "email: ada@example.org\n\nsned: {}\n")
    assert isinstance(broken, tuple)
    assert broken[0].line == 3
    none = change_document(store(folder), around, ADA, "# nothing\n")
    assert isinstance(none, tuple)
    done = change_document(store(folder), around, ADA, "email: ADA@example.org\nname: A\n")
    assert isinstance(done, Preferences)
    assert done.name == "A"
    assert (folder / "ada.yaml").read_text() == "email: ADA@example.org\nname: A\n"


KILLED = """
import os, signal, sys
from pathlib import Path
from newsletter.preferences.folder.whole_files import locked, write_whole
path = Path(sys.argv[1])
os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
with locked(path.parent):
    write_whole(path, b"new" * 1000, expected=b"old" * 1000)
"""
WRITING = """
import sys
from pathlib import Path
from newsletter.preferences.folder.whole_files import locked, write_whole
path = Path(sys.argv[1])
old, new = b"old" * 1000, b"new" * 1000
print("ready", flush=True)
while True:
    with locked(path.parent):
        old = path.read_bytes()
        write_whole(path, new if old.startswith(b"old") else b"old" * 1000, expected=old)
"""


def start(script: str, path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, str(path)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_killed_before_the_new_name_the_old_file_stands_and_the_next_write_succeeds(
    folder: Path,
) -> None:
    file = folder / "ada.yaml"
    file.write_bytes(b"old" * 1000)
    with start(KILLED, file) as process:
        assert process.wait(timeout=60) == -signal.SIGKILL
    assert file.read_bytes() == b"old" * 1000
    with locked(folder):
        write_whole(file, b"newer", expected=b"old" * 1000)
    assert file.read_bytes() == b"newer"
    assert sorted(path.name for path in folder.iterdir()) == [".newsletter-lock", "ada.yaml"]


def test_killed_at_any_moment_a_whole_file_stands_there(folder: Path) -> None:
    file = folder / "ada.yaml"
    file.write_bytes(b"old" * 1000)
    for turn in range(4):
        with start(WRITING, file) as process:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            until = time.monotonic() + 0.01 * (turn + 1)
            while time.monotonic() < until:
                assert file.read_bytes() in {b"old" * 1000, b"new" * 1000}
            os.kill(process.pid, signal.SIGKILL)
        assert file.read_bytes() in {b"old" * 1000, b"new" * 1000}
