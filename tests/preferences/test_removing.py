"""One document among others is taken away; every other byte stays, whatever happens."""

from pathlib import Path

import pytest

from newsletter.errors import PreferencesError
from newsletter.model import AddressKey, Preferences
from newsletter.preferences import UNNAMED, DirectoryStore
from newsletter.preferences.folder.whole_files import delete_whole

ADA = AddressKey("ada@example.org")
KEN = AddressKey("ken@example.net")
ADAS = b"# of Ada\r\nemail: Ada@example.org\r\n"
BROKEN = b"emial: somebody@example.com\r\n"
KENS = b"email: ken@example.net # Ken"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "subscribers"
    made.mkdir()
    return made


def store(folder: Path) -> DirectoryStore:
    return DirectoryStore(folder, {}, Preferences(email=UNNAMED))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ADAS + b"--- # next\r\n" + BROKEN + b"---\r\n" + KENS, BROKEN + b"---\r\n" + KENS),
        (BROKEN + b"--- # Ada\r\n" + ADAS + b"---\n" + KENS, BROKEN + b"---\n" + KENS),
        (KENS + b"\n---\n" + ADAS, KENS + b"\n"),
        (b"---\n" + ADAS + b"---\n" + KENS, b"---\n" + KENS),
        (b"# the team\n---\n" + ADAS + b"---\n" + KENS, b"# the team\n---\n" + KENS),
        (b"\xef\xbb\xbf" + ADAS + b"---\n" + KENS, b"\xef\xbb\xbf" + KENS),
        (ADAS + b"---\n" + KENS + b"\n---\n" + ADAS, KENS + b"\n"),
    ],
    ids=["first", "middle", "last", "after a line", "below a head", "mark", "twice"],
)
def test_a_document_goes_with_the_line_that_parts_it(
    folder: Path, before: bytes, after: bytes
) -> None:
    (folder / "team.yaml").write_bytes(before)
    store(folder).remove(ADA, expected=None)
    assert (folder / "team.yaml").read_bytes() == after


@pytest.mark.parametrize("text", [ADAS, b"# a head\n---\n" + ADAS + b"---\n# nothing\n"])
def test_a_file_that_holds_nobody_elses_goes_with_it(folder: Path, text: bytes) -> None:
    (folder / "team").mkdir()
    (folder / "team" / "ada.yaml").write_bytes(text)
    (folder / "ken.yaml").write_bytes(KENS)
    store(folder).remove(ADA, expected=None)
    assert not (folder / "team" / "ada.yaml").exists()
    assert (folder / "ken.yaml").read_bytes() == KENS


def test_of_two_documents_of_one_person_both_go(folder: Path) -> None:
    (folder / "one.yaml").write_bytes(ADAS)
    (folder / "two.yaml").write_bytes(b"email: ADA@example.org\n---\n" + KENS)
    store(folder).remove(ADA, expected=None)
    assert [path.name for path in folder.glob("*.yaml")] == ["two.yaml"]
    assert (folder / "two.yaml").read_bytes() == KENS


def test_a_link_goes_with_the_file_to_which_it_leads(folder: Path) -> None:
    (folder / "kept").mkdir()
    (folder / "kept" / ".ada.yaml").write_bytes(ADAS)
    (folder / "ada.yaml").symlink_to(folder / "kept" / ".ada.yaml")
    store(folder).remove(ADA, expected=None)
    assert not (folder / "ada.yaml").is_symlink()
    assert not (folder / "kept" / ".ada.yaml").exists()


def test_what_cannot_be_told_from_somebody_elses_is_left_and_named(folder: Path) -> None:
    text = b"email: ada@example.org\nname: [\nemail: ken@example.net\n"
    (folder / "both.yaml").write_bytes(text)
    with pytest.raises(PreferencesError, match="newsletter check"):
        store(folder).remove(ADA, expected=None)
    assert (folder / "both.yaml").read_bytes() == text


def test_a_file_that_was_written_meanwhile_is_not_deleted(folder: Path) -> None:
    path = folder / "ada.yaml"
    path.write_bytes(ADAS)
    with pytest.raises(PreferencesError, match="changed meanwhile"):
        delete_whole(path, expected=ADAS + b"# more")
    assert path.read_bytes() == ADAS


def test_a_folder_that_cannot_be_written_is_named(folder: Path) -> None:
    with pytest.raises(PreferencesError, match="cannot be written"):
        delete_whole(folder, expected=b"")
