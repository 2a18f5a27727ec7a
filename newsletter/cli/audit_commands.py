"""`newsletter audit`: its options and its help; the work is in `auditing`."""

from typing import Annotated

import typer

from newsletter.cli.app import app, session_of


@app.command()
def audit(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many lines at most.")] = 50,
    before: Annotated[
        int | None, typer.Option(metavar="LINE", min=1, help="Only lines before this one.")
    ] = None,
) -> None:
    """Show what operators did on the pages: who, when, what, to what, and how it ended."""
    from newsletter.cli.auditing import run_audit

    run_audit(session_of(context), limit, before)
