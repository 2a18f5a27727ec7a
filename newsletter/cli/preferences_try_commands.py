"""`newsletter preferences try`: its options and its help; the work is in `trying`."""

from typing import Annotated

import typer

from newsletter.cli.app import session_of
from newsletter.cli.preferences_commands import preferences_app


@preferences_app.command("try")
def try_file(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A document; - is standard input.")],
    days: Annotated[int, typer.Option(min=1, max=365, help="How far to look back.")] = 14,
    now: Annotated[
        str | None, typer.Option(metavar="TIME", help="Act as if it were this moment.")
    ] = None,
) -> None:
    """Show what the document in FILE would have received in the last days. Nothing is written.

    Every slot is planned as a real run plans it, with the entries stored by then, as if the person
    had confirmed at the beginning. Exit code 65 when the document is broken; its problems are shown.
    """
    from newsletter.cli.trying import run_try

    run_try(session_of(context), file, days, now)
