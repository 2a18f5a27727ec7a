"""`newsletter tokens …`: the options and the help of each; the work is in `tokens`."""

from enum import StrEnum
from typing import Annotated

import typer

from newsletter.cli.app import app, session_of


class ScopeName(StrEnum):
    """Those of `model.Scope` once more: to load the model takes longer than `--help` may."""

    ENTRIES_READ = "entries:read"
    EDITIONS_READ = "editions:read"
    DELIVERIES_READ = "deliveries:read"
    DELIVERIES_WRITE = "deliveries:write"
    SUBSCRIBERS_READ = "subscribers:read"
    SUBSCRIBERS_WRITE = "subscribers:write"


tokens_app = typer.Typer(
    no_args_is_help=True,
    help="Give other programs access to the API, and take it back.",
)
app.add_typer(tokens_app, name="tokens")


@tokens_app.command()
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What uses it, e.g. 'lab website'.")],
    scope: Annotated[
        list[ScopeName],
        typer.Option(help="What it may do; may be repeated. To write a thing is to read it too."),
    ],
    days: Annotated[
        int | None,
        typer.Option(min=1, max=3650, help="Days after which it ends; else it has no end."),
    ] = None,
) -> None:
    """Make a token called NAME and show it, once: only a hash of it is kept."""
    from newsletter.cli.tokens import run_add

    run_add(session_of(context), name, scope, days)


@tokens_app.command("list")
def list_all(context: typer.Context) -> None:
    """Show each token: what it may do, until when, and when it was last used."""
    from newsletter.cli.tokens import run_list

    run_list(session_of(context))


@tokens_app.command()
def revoke(context: typer.Context, name: str) -> None:
    """End the token called NAME at once. Exit code 65 when there is none."""
    from newsletter.cli.tokens import run_revoke

    run_revoke(session_of(context), name)
