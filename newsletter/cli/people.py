"""`newsletter subscribers …`: the options and the help of each; the work is in `subscribing`."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.app import app, session_of

people = typer.Typer(no_args_is_help=True, help="List, add, vouch for and remove subscribers.")
app.add_typer(people, name="subscribers")


@people.command("list")
def list_people(context: typer.Context) -> None:
    """Show every subscriber with state, topics and next letter."""
    from newsletter.cli.subscribing import run_list

    run_list(session_of(context))


@people.command()
def show(context: typer.Context, address: str) -> None:
    """Show one subscriber: preferences with every default, consent, last letters."""
    from newsletter.cli.subscribing import run_show

    run_show(session_of(context), address)


@people.command()
def add(
    context: typer.Context,
    address: str,
    consent: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Vouch at once, on this ground; logged.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="How to address the person.")] = None,
) -> None:
    """Write a document for ADDRESS with the newsletter's defaults, and vouch for it if asked."""
    from newsletter.cli.subscribing import run_add

    run_add(session_of(context), address, consent, name)


@people.command()
def remove(
    context: typer.Context,
    address: str,
    reason: Annotated[
        str, typer.Option(help="Kept in the consent log.")
    ] = "removed by the operator",
) -> None:
    """End a subscription. The document stays; only the person can come back, by mail or page."""
    from newsletter.cli.subscribing import run_remove

    run_remove(session_of(context), address, reason)


@people.command("import")
def import_people(
    context: typer.Context,
    paths: list[Path],
    consent: Annotated[
        str,
        typer.Option(
            metavar="TEXT",
            help='Where they agreed, e.g. "signed up at the workshop, 2026-11-20"; logged.',
        ),
    ],
    now: Annotated[
        str | None, typer.Option(metavar="TIME", help="Act as if it were this moment.")
    ] = None,
) -> None:
    """Take the documents at PATHS, files or folders, and vouch for their people.

    Also for documents that are in the subscribers folder already. Nobody's document is replaced.
    People who unsubscribed once are refused: only they can come back.
    """
    from newsletter.cli.subscribing import run_import

    run_import(session_of(context), paths, consent, now)


@people.command()
def export(
    context: typer.Context,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="PATH",
            help="A file, or a folder that is there: one file for each person. Else standard output.",
        ),
    ] = None,
) -> None:
    """Write all documents in force as people wrote them, as one YAML file or one for each."""
    from newsletter.cli.subscribing import run_export

    run_export(session_of(context), output)


@people.command("accept-removals")
def accept_removals(context: typer.Context) -> None:
    """Stop the letters of all whose document is gone, also when very many went at once.

    That is held until you say so, because a folder that is lost looks the same.
    """
    from newsletter.cli.subscribing import run_accept_removals

    run_accept_removals(session_of(context))


@people.command()
def data(context: typer.Context, address: str) -> None:
    """Write everything that is stored of ADDRESS as JSON: for the person, when they ask for it.

    Consent log, document, letters, other mail, votes, bounces, suppression. Also of somebody who is
    no subscriber any more.
    """
    from newsletter.cli.privacy import run_data

    run_data(session_of(context), address)


@people.command()
def erase(
    context: typer.Context,
    address: str,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether this is meant.")] = False,
) -> None:
    """Remove everything that is stored of ADDRESS, its document too. It cannot be brought back.

    An address that was suppressed stays so: a hash of it is kept, which nobody can read back.
    """
    from newsletter.cli.privacy import run_erase

    run_erase(session_of(context), address, is_certain=yes)
