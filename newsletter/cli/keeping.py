"""`newsletter backup`: database, secret and keys in one place."""

from pathlib import Path

import typer

from newsletter.bootstrap import open_newsroom
from newsletter.cli.app import app, session_of


@app.command()
def backup(context: typer.Context, folder: Path) -> None:
    """Copy database, secret, keys, config and documents into FOLDER, also while sending goes on.

    The copy of the database is consistent. FOLDER must be empty or new; it holds secrets, so only
    its owner may read it.
    """
    session = session_of(context)
    with open_newsroom(session.config_path) as room:
        saved = room.back_up(folder)
    session.say(f"Saved to {folder}:")
    for path in saved:
        session.say(f"  {path}")
    session.say("Restore by copying them back while no `newsletter` runs.")
    if session.wants_json:
        session.write_json({"folder": str(folder), "files": [str(path) for path in saved]})
