"""`newsletter backup`: what it saves is enough to go on elsewhere, with nothing sent twice."""

import shutil
from pathlib import Path

from tests.end_to_end.house import MONDAY, House


def test_a_backup_put_back_goes_on_where_it_was(ready: House, tmp_path: Path) -> None:
    ready.run("send", "--ignore-schedule", "--now", MONDAY)
    saved = tmp_path / "saved"
    assert ready.run("backup", str(saved)).code == 0
    assert saved.stat().st_mode & 0o077 == 0
    names = {path.name for path in saved.rglob("*") if path.is_file()}
    assert {"newsletter.db", "secret", "config.yaml", "ada@example.org.yaml"} <= names

    shutil.rmtree(ready.folder / "data")
    (ready.folder / "data").mkdir()
    for name in ("newsletter.db", "secret"):
        shutil.copy(saved / name, ready.folder / "data" / name)
    again = ready.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert again.json["skipped"] == {"nothing-new": 3}
    assert ready.run("backup", str(saved)).code == 75, "never into a folder that holds something"
