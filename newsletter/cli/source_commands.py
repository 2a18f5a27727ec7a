"""`newsletter sources …`: the options and the help of each; the work is in `sources`."""

from typing import Annotated

import typer

from newsletter.cli.app import app, session_of

sources_app = typer.Typer(
    no_args_is_help=True,
    help="Look at where entries come from, add and try sources, let a flood go.",
)
app.add_typer(sources_app, name="sources")


@sources_app.command("list")
def list_all(context: typer.Context) -> None:
    """Show each source: how its last pull ended and when, when the next is due, what waits."""
    from newsletter.cli.sources import run_list

    run_list(session_of(context))


@sources_app.command()
def test(context: typer.Context, name: str) -> None:
    """Pull the source NAME now, step by step, and show what would be stored; nothing is.

    Exit code 75 when it fails.
    """
    from newsletter.cli.sources import run_test

    run_test(session_of(context), name)


@sources_app.command()
def add(
    context: typer.Context,
    url: str,
    name: Annotated[
        str | None, typer.Option(help="What to call it; else it is named after its title.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Write it into config.yaml without asking.")
    ] = False,
) -> None:
    """Find out what URL is, try it, and add it to config.yaml as a source.

    URL is the address of a feed, of a page that has one, of a service (arXiv, bioRxiv, Daily Papers,
    OpenReview, Crossref, Semantic Scholar), or a file. Comments in config.yaml stay. Exit code 66 when
    it is no source, 75 when it cannot be read now.
    """
    from newsletter.cli.adding_sources import run_add

    run_add(session_of(context), url, name, is_certain=yes)


@sources_app.command()
def release(context: typer.Context, name: str) -> None:
    """Let entries of the source NAME into letters that are held because they came in a flood."""
    from newsletter.cli.sources import run_release

    run_release(session_of(context), name)


@sources_app.command()
def drop(context: typer.Context, name: str) -> None:
    """Keep the held entries of the source NAME out of all letters; they stay known."""
    from newsletter.cli.sources import run_drop

    run_drop(session_of(context), name)


@sources_app.command()
def address(context: typer.Context, name: str) -> None:
    """Show the mail address of the source NAME: newsletters are subscribed there, entries handed in."""
    from newsletter.cli.sources import run_address

    run_address(session_of(context), name)
