"""The work of `newsletter init`."""

from pathlib import Path

from newsletter.cli.session import Session
from newsletter.config import copy_starter


def run_init(session: Session, folder: Path) -> None:
    """Make a folder to start from and say what comes next."""
    made = copy_starter(folder)
    session.say(f"Made {folder} with {len(made)} files. Now:")
    session.say(f"  cd {folder}")
    session.say("  newsletter collect")
    session.say('  newsletter subscribers import subscribers --consent "a first look"')
    session.say("  newsletter send --ignore-schedule")
    if session.wants_json:
        session.write_json({"folder": str(folder), "files": [str(path) for path in made]})
