"""`newsletter init`: a folder to start from."""

from pathlib import Path

import typer

from newsletter.cli.app import app, session_of
from newsletter.config import copy_starter


@app.command()
def init(context: typer.Context, folder: Path) -> None:
    """Make FOLDER with config.yaml, subscribers/, samples/ and templates/ to start from.

    It runs as it is: sample entries, three example subscribers, a mail server inside the program.
    """
    session = session_of(context)
    made = copy_starter(folder)
    session.say(f"Made {folder} with {len(made)} files. Now:")
    session.say(f"  cd {folder}")
    session.say("  newsletter collect")
    session.say('  newsletter subscribers import subscribers --consent "a first look"')
    session.say("  newsletter send --ignore-schedule")
    if session.wants_json:
        session.write_json({"folder": str(folder), "files": [str(path) for path in made]})
