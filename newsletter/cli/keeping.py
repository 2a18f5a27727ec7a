"""The work of `newsletter backup` and `newsletter retry`."""

from collections.abc import Sequence
from pathlib import Path

from newsletter.bootstrap import back_up, open_newsroom, redress_and_retry
from newsletter.cli.records import delivery_record
from newsletter.cli.session import Session
from newsletter.model import OutboxId


def run_backup(session: Session, folder: Path) -> None:
    """Copy everything that cannot be made again and say what was copied."""
    with open_newsroom(session.config_path) as room:
        saved = back_up(room, folder)
    session.say(f"Saved to {folder}:")
    for path in saved:
        session.say(f"  {path}")
    session.say("Restore by copying them back while no `newsletter` runs.")
    if session.wants_json:
        session.write_json({"folder": str(folder), "files": [str(path) for path in saved]})


def run_retry(session: Session, numbers: Sequence[int]) -> None:
    """Queue the named messages again, or all that failed, and say which could be."""
    with open_newsroom(session.config_path) as room:
        queued = redress_and_retry(room, [OutboxId(number) for number in numbers])
    session.say(f"{len(queued)} queued again: `newsletter send` tries them now.")
    for item in queued:
        session.say(f"  {item.id} to {item.recipient}")
    if session.wants_json:
        session.write_json({"queued": [delivery_record(item) for item in queued]})
