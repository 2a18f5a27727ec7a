"""The whole main job on a PostgreSQL server, by the command line."""

from pathlib import Path

import pytest

from tests.conftest import NewDatabase
from tests.end_to_end.house import MONDAY, House


@pytest.fixture
def on_server(house: House, new_database: NewDatabase) -> House:
    house.edit_config(
        "database: sqlite:///data/newsletter.db", f"database: {new_database('postgresql')}"
    )
    return house


def test_the_main_job_is_the_same_on_a_server(on_server: House, tmp_path: Path) -> None:
    assert on_server.run("check").code == 0
    assert on_server.run("collect", "--now", MONDAY).code == 0
    assert on_server.vouch().code == 0
    first = on_server.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert (first.code, first.json["sent"]) == (0, 3)
    assert len(on_server.deliveries()) == 3
    again = on_server.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert again.json["skipped"] == {"nothing-new": 3}
    assert on_server.run("status", "--json").json["sent"] == 3
    assert on_server.run("why", "ada@example.org", "--now", MONDAY).code == 0

    saved = tmp_path / "saved"
    backup = on_server.run("backup", str(saved))
    assert backup.code == 0
    assert "pg_dump" in backup.err
    assert {"secret", "config.yaml"} <= {path.name for path in saved.iterdir()}


def test_documents_may_live_on_the_server_too(on_server: House) -> None:
    on_server.edit_config("{store: directory, path: subscribers}", "{store: database}")
    assert on_server.run("collect", "--now", MONDAY).code == 0
    assert on_server.vouch().code == 0
    assert on_server.run("check").code == 0
    sent = on_server.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert (sent.code, sent.json["sent"]) == (0, 3)
