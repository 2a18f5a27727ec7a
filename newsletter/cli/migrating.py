"""The work of `newsletter migrate`."""

from typing import Final

import typer
from rich.table import Table
from rich.text import Text

from newsletter.bootstrap import migrate_schema, move_newsletter, stay_with_file
from newsletter.cli.progress import show_count
from newsletter.cli.session import Session
from newsletter.cli.tables import quiet_table
from newsletter.errors import ExitCode
from newsletter.storage import Moved, TableMoved, without_password

_SHOWN_OF_CHECKSUM: Final = 12


def run_migrate(session: Session) -> None:
    """Bring the schema up to date and say from which version to which."""
    step = migrate_schema(session.config_path)
    before, after, copy = step.migrated.before, step.migrated.after, step.migrated.copy
    if session.wants_json:
        kept = str(copy) if copy else None
        session.write_json({"database": step.name, "before": before, "after": after, "copy": kept})
    elif before == after:
        session.say(f"{step.name}: has schema {after}, that of this program. Nothing to do.")
    elif before == 0:
        session.say(f"{step.name}: new, with schema {after}.")
    else:
        session.say(f"{step.name}: from schema {before} to {after}.")
        if copy:
            session.say(f"What it was before is kept in {copy}.")


def run_stay(session: Session, *, is_certain: bool) -> None:
    """Give a move up and say so."""
    given_up = stay_with_file(session.config_path, is_certain=is_certain)
    if session.wants_json:
        session.write_json({"database": given_up.name, "given_up": given_up.place})
        return
    session.say(f"{given_up.name} is the newsletter's database again.")
    session.say(f"Never start anything on {given_up.place}: what it sends would come twice.")


def run_move(session: Session, url: str) -> None:
    """Move everything, show what both databases hold, and say what to do next.

    Ends with exit code 65 when they differ.
    """
    setting = f"database: {without_password(url)}"
    with (
        show_count(session, "Copying rows") as copying,
        show_count(session, "Comparing rows") as comparing,
    ):
        moved = move_newsletter(session.config_path, url, copying=copying, comparing=comparing)
    if session.wants_json:
        session.write_json(
            {
                "to": moved.place,
                "was_there": moved.was_there,
                "copied": sum(one.copied for one in moved.tables),
                "equal": not moved.different,
                "different": list(moved.different),
                "tables": [
                    {
                        "name": one.name,
                        "copied": one.copied,
                        "rows": one.here.rows,
                        "rows_there": one.there.rows,
                        "checksum": one.here.checksum,
                        "checksum_there": one.there.checksum,
                    }
                    for one in moved.tables
                ],
                "setting": None if moved.different else setting,
            }
        )
    else:
        session.say(_table(moved))
        for line in _verdict(moved, setting):
            session.say(line)
    if moved.different:
        raise typer.Exit(ExitCode.DATA)


def _table(moved: Moved) -> Table:
    table = quiet_table(f"Moved to {moved.place}")
    table.add_column("Table")
    for heading in ("Copied now", "Rows", "Rows there"):
        table.add_column(heading, justify="right")
    for heading in ("Checksum", "Checksum there", ""):
        table.add_column(heading, no_wrap=True)
    for one in moved.tables:
        table.add_row(
            one.name,
            *(f"{count:,}" for count in (one.copied, one.here.rows, one.there.rows)),
            one.here.checksum[:_SHOWN_OF_CHECKSUM],
            one.there.checksum[:_SHOWN_OF_CHECKSUM],
            _sign(one),
        )
    return table


def _sign(one: TableMoved) -> Text:
    return Text("equal", style="green") if one.is_equal else Text("different", style="bold red")


def _verdict(moved: Moved, setting: str) -> tuple[str, ...]:
    names = ", ".join(moved.different)
    if names and moved.was_there:
        why = "once the newsletter runs on the server, the two part"
        return (f"Different: {names}. All had arrived before, so nothing was copied; {why}.",)
    if names:
        return (
            f"Different: {names}. The move is not finished, and neither database may be used.",
            "Empty the one on the server (dropdb, createdb) and repeat the command,",
            "or go on with the file: newsletter migrate --stay",
        )
    rows = sum(one.there.rows for one in moved.tables)
    return (
        f"All equal: {len(moved.tables)} tables, {rows:,} rows.",
        "Now write into config.yaml, with the password in ~/.pgpass or PGPASSWORD:",
        f"  {setting}",
        "and start `newsletter serve`. The file refuses to be used from now on; keep it as a backup.",
    )
