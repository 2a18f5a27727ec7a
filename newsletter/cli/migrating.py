"""The work of `newsletter migrate`."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Final

import typer
from rich.table import Table
from rich.text import Text

from newsletter.bootstrap import migrated_database, move_newsletter, stay_with_file
from newsletter.cli.progress import show_count
from newsletter.cli.session import JsonValue, Session
from newsletter.cli.tables import quiet_table
from newsletter.errors import ExitCode
from newsletter.storage import Database, Moved, TableMoved, without_password

_JOBS: Final = "procrastinate"
_SHOWN_OF_CHECKSUM: Final = 8


def run_migrate(session: Session) -> None:
    """Bring the schema up to date, and the tables of jobs; say from which version to which."""
    with migrated_database(session.config_path) as (database, migrated):
        name, taken = database.name, _prepare_jobs(database)
    before, after, copy = migrated.before, migrated.after, migrated.copy
    if session.wants_json:
        kept = str(copy) if copy else None
        versions: dict[str, JsonValue] = {"before": before, "after": after, "copy": kept}
        session.write_json({"database": name, **versions, "job_steps": list(taken)})
        return
    if before == 0:
        session.say(f"{name}: new, with schema {after}.")
    elif before < after:
        session.say(f"{name}: from schema {before} to {after}.")
    if copy:
        session.say(f"What it was before is kept in {copy}.")
    if taken:
        session.say(f"{name}: tables of jobs are at {taken[-1]}.")
    if before == after and not taken:
        session.say(f"{name}: has schema {after}, which this program works with. Nothing to do.")


def _prepare_jobs(database: Database) -> Sequence[str]:
    """Bring the tables of jobs up to date where there are any: on a server, with the library for them."""
    if database.path is not None or find_spec(_JOBS) is None:
        return ()
    from newsletter.workers import prepare_jobs

    return prepare_jobs(database)


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
    with show_count(session, "Copying, then comparing, rows") as tell:
        moved = move_newsletter(
            session.config_path,
            url,
            copying=lambda done, rows: tell(done, 2 * rows),
            comparing=lambda done, rows: tell(rows + done, 2 * rows),
        )
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
    table.add_column("Table", no_wrap=True)
    for heading in ("Copied", "Rows", "There"):
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in ("Checksum", "There", ""):
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
