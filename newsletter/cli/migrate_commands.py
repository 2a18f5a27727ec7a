"""`newsletter migrate`: its options and its help; the work is in `migrating`."""

from typing import Annotated

import typer

from newsletter.cli.app import app, session_of


@app.command()
def migrate(
    context: typer.Context,
    to: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Move it from its SQLite file to postgresql://user@host/name."
        ),
    ] = None,
    stay: Annotated[
        bool, typer.Option("--stay", help="Give a move up: go on with the SQLite file.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="With --stay: also when all has arrived on the server.")
    ] = False,
) -> None:
    """Bring the database up to the schema of this program, or move it to a PostgreSQL server.

    A move may be interrupted and repeated. At its end both databases are compared, table by table;
    exit code 65 when they differ.
    """
    from newsletter.cli.migrating import run_migrate, run_move, run_stay

    if to is not None and stay:
        message = "either --to URL or --stay"
        raise typer.BadParameter(message, param_hint="--stay")
    if stay:
        run_stay(session_of(context), is_certain=yes)
    elif to is not None:
        run_move(session_of(context), to)
    else:
        run_migrate(session_of(context))
