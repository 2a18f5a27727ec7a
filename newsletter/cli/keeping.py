"""The work of `newsletter backup`."""

from pathlib import Path

from newsletter.bootstrap import back_up, open_newsroom
from newsletter.cli.session import Session


def run_backup(session: Session, folder: Path) -> None:
    """Copy everything that cannot be made again and say what was copied."""
    with open_newsroom(session.config_path) as room:
        saved = back_up(room, folder)
        is_on_server = room.database.path is None
    session.say(f"Saved to {folder}:")
    for path in saved:
        session.say(f"  {path}")
    if is_on_server:
        session.notice(
            "The database is not among them: back it up with pg_dump, or as its server does."
        )
    session.say("Restore by copying them back while no `newsletter` runs.")
    if session.wants_json:
        session.write_json({"folder": str(folder), "files": [str(path) for path in saved]})
