"""`newsletter demo`: its options and its help; the work is in `demo`."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.app import app, session_of
from newsletter.cli.commands import Now


@app.command()
def demo(
    context: typer.Context,
    into: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A new folder for it; else a temporary one.")
    ] = None,
    days: Annotated[
        int, typer.Option(min=1, max=14, help="So many days, one after the other; the last is now.")
    ] = 1,
    serve: Annotated[
        bool, typer.Option("--serve", help="Go on as `serve` does, until Ctrl-C.")
    ] = False,
    now: Now = None,
) -> None:
    """Show the whole round on this machine: collect from imitated services, send to three readers.

    Nothing leaves the machine. Papers, people and blogs are invented; formats and habits of the
    services are theirs. With --days one sees that nothing comes twice.
    """
    from newsletter.cli.demo import run_demo

    run_demo(session_of(context), into, now, days, serves=serve)
