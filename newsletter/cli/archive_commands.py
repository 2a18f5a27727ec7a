"""`newsletter archive …`: the options and the help of each; the work is in `archiving`."""

from typing import Annotated

import typer

from newsletter.cli.app import app, session_of

archive = typer.Typer(
    no_args_is_help=True, help="The public editions: what everybody may read on the pages."
)
app.add_typer(archive, name="archive")


@archive.command()
def build(
    context: typer.Context,
    days: Annotated[int, typer.Option(min=1, max=400, help="How many days back.")] = 7,
    now: Annotated[
        str | None, typer.Option(metavar="TIME", help="Act as if it were this moment.")
    ] = None,
) -> None:
    """Plan the public editions of the last days that are over, as `serve` does each night.

    What was planned stays as it is; a topic that is new in the catalogue gets editions for these days.
    """
    from newsletter.cli.archiving import run_build

    run_build(session_of(context), days, now)
