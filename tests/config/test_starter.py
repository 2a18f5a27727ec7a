"""The folder that `newsletter init` makes."""

from pathlib import Path

import pytest

from newsletter.config import (
    copy_starter,
    default_templates,
    load_config,
    machine_timezone,
    starter_files,
)
from newsletter.errors import ConfigError
from newsletter.preferences import DirectoryStore


def test_a_new_folder_holds_a_config_that_loads_and_examples_that_are_valid(
    tmp_path: Path,
) -> None:
    written = copy_starter(tmp_path / "mine", timezone="Asia/Tokyo")
    config = load_config(tmp_path / "mine" / "config.yaml")
    assert config.default_preferences().cadence.timezone == "Asia/Tokyo"
    store = DirectoryStore(
        config.subscribers_path, config.catalogue(), config.default_preferences()
    )
    reading = store.read()
    assert reading.problems == ()
    assert reading.documents
    assert {path.relative_to(tmp_path / "mine").as_posix() for path in written} == set(
        starter_files()
    )


def test_another_zone_changes_one_word_of_the_config(tmp_path: Path) -> None:
    copy_starter(tmp_path, timezone="Asia/Tokyo")
    before = starter_files()["config.yaml"].read_text(encoding="utf-8").splitlines()
    after = (tmp_path / "config.yaml").read_text(encoding="utf-8").splitlines()
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 1
    assert "timezone: Asia/Tokyo" in changed[0]


def test_templates_of_ones_own_begin_with_a_note_alone(tmp_path: Path) -> None:
    copy_starter(tmp_path)
    assert [path.name for path in (tmp_path / "templates").iterdir()] == ["README.md"]
    assert any(default_templates().glob("*.j2"))


def test_a_folder_with_a_config_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("mine\n")
    with pytest.raises(ConfigError, match="exists already; choose another folder"):
        copy_starter(tmp_path)
    assert (tmp_path / "config.yaml").read_text() == "mine\n"


def test_other_files_that_are_there_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "README.md").write_text("mine\n")
    written = copy_starter(tmp_path)
    assert (tmp_path / "templates" / "README.md").read_text() == "mine\n"
    assert tmp_path / "templates" / "README.md" not in written


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        copy_starter(tmp_path / "file" / "folder")


@pytest.mark.parametrize(
    ("variable", "link", "zone"),
    [
        ("Asia/Tokyo", None, "Asia/Tokyo"),
        (":Asia/Tokyo", None, "Asia/Tokyo"),
        ("EST5EDT4,M3", "zoneinfo/Europe/Paris", "Europe/Paris"),
        ("", "zoneinfo/America/Argentina/Salta", "America/Argentina/Salta"),
        ("", "zoneinfo.default/Europe/Paris", "Europe/Paris"),
        ("", "zoneinfo/posix/Europe/Paris", "Europe/Paris"),
        ("", "elsewhere", None),
        ("", None, None),
    ],
)
def test_the_zone_of_the_machine_is_guessed(
    tmp_path: Path, variable: str, link: str | None, zone: str | None
) -> None:
    localtime = tmp_path / "localtime"
    if link:
        localtime.symlink_to(tmp_path / link)
    assert machine_timezone({"TZ": variable}, localtime) == zone
