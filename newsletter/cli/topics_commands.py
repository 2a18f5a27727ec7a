"""`newsletter topics …`: the options and the help of each; the work is in `topics`."""

from typing import Annotated

import typer

from newsletter.cli.app import app, session_of

topics_app = typer.Typer(
    no_args_is_help=True, help="Show what subscribers can follow, and try a query."
)
app.add_typer(topics_app, name="topics")

Now = Annotated[
    str | None, typer.Option("--now", metavar="TIME", help="Act as if it were this moment.")
]


@topics_app.command("list")
def list_all(context: typer.Context, now: Now = None) -> None:
    """Show the topics of the catalogue: entries a day over the last 30 days, and followers."""
    from newsletter.cli.topics import run_list

    run_list(session_of(context), now)


@topics_app.command()
def explain(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="A query, or the name of a catalogue topic.")],
    now: Now = None,
) -> None:
    """Show how QUERY was understood, and what it would have found in the last 30 days.

    Exit code 65 when it cannot be read; the place and what to write instead are shown.
    """
    from newsletter.cli.topics import run_explain

    run_explain(session_of(context), query, now)
