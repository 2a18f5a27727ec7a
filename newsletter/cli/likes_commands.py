"""`newsletter likes …`: the options and the help of each; the work is in `liking`."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.app import app, session_of

likes = typer.Typer(
    no_args_is_help=True, help="What a subscriber likes and dislikes: the letters learn from it."
)
app.add_typer(likes, name="likes")

Entries = Annotated[
    list[str],
    typer.Argument(metavar="ENTRY…", help="An entry's id, an arXiv id, a DOI, or their address."),
]


@likes.command()
def show(context: typer.Context, address: str) -> None:
    """Show what ADDRESS liked and disliked, the latest first."""
    from newsletter.cli.liking import run_show

    run_show(session_of(context), address)


@likes.command()
def add(context: typer.Context, address: str, entries: Entries) -> None:
    """Note that ADDRESS wants more like ENTRY. Exit code 65 where one is not stored."""
    from newsletter.cli.liking import run_vote

    run_vote(session_of(context), address, entries, 1)


@likes.command()
def less(context: typer.Context, address: str, entries: Entries) -> None:
    """Note that ADDRESS wants less like ENTRY. Exit code 65 where one is not stored."""
    from newsletter.cli.liking import run_vote

    run_vote(session_of(context), address, entries, -1)


@likes.command()
def forget(
    context: typer.Context,
    address: str,
    entries: Annotated[
        list[str] | None, typer.Argument(metavar="[ENTRY…]", help="Only these; else all.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether all is meant.")] = False,
) -> None:
    """Forget what ADDRESS thinks of ENTRY, or all of it: the letters learn anew."""
    from newsletter.cli.liking import run_forget

    run_forget(session_of(context), address, entries or [], is_certain=yes)


@likes.command("import")
def import_library(context: typer.Context, address: str, file: Path) -> None:
    """Note that ADDRESS likes the papers of FILE, from a reference manager.

    BibTeX (.bib), CSL-JSON (.json), tables and RDF of Zotero (.csv, .rdf), or a list of arXiv ids and DOIs
    (.txt). A paper that no source announced is known from then on, with the title and abstract of the
    file, and is no news. Exit code 65 when nothing can be used.
    """
    from newsletter.cli.liking import run_import

    run_import(session_of(context), address, file)


@likes.command()
def suggest(context: typer.Context, address: str) -> None:
    """Name authors whom ADDRESS could follow: of two liked entries or more, and not followed yet."""
    from newsletter.cli.liking import run_suggest

    run_suggest(session_of(context), address)
