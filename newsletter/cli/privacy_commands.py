"""`newsletter suppressions …` and `purge`: options and help; the work is in `privacy`."""

from typing import Annotated

import typer

from newsletter.cli.app import app, session_of

suppressions = typer.Typer(
    no_args_is_help=True, help="List, add and remove addresses that must not be mailed."
)
app.add_typer(suppressions, name="suppressions")


@suppressions.command("list")
def list_suppressed(context: typer.Context) -> None:
    """Show every address that gets no mail, and why; of an erased address a hash."""
    from newsletter.cli.privacy import run_list

    run_list(session_of(context))


@suppressions.command()
def add(
    context: typer.Context,
    address: str,
    reason: Annotated[str, typer.Option(help="Kept beside the address.")] = "by the operator",
) -> None:
    """Send nothing to ADDRESS any more. The subscription stays; what waits is cancelled."""
    from newsletter.cli.privacy import run_add

    run_add(session_of(context), address, reason)


@suppressions.command()
def remove(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="Or the hash that the list shows.")],
) -> None:
    """Send to ADDRESS again, and forget its bounces. Exit code 65 when it is not suppressed."""
    from newsletter.cli.privacy import run_remove

    run_remove(session_of(context), address)


@app.command()
def purge(
    context: typer.Context,
    now: Annotated[
        str | None, typer.Option(metavar="TIME", help="Act as if it were this moment.")
    ] = None,
) -> None:
    """Forget what is over and old, as `serve` does each day; say how much it was.

    Received mail after 14 days, other mail to people 14 days after it ended, letters after 90
    (their numbers stay), vectors of texts after 120 days without use, and who did not confirm
    within 7 days.
    """
    from newsletter.cli.privacy import run_purge

    run_purge(session_of(context), now)
