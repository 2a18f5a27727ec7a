"""`newsletter preferences …`: the options and the help of each; the work is in `preferring`."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.app import app, session_of

preferences_app = typer.Typer(
    no_args_is_help=True, help="Show, edit and check what subscribers asked for."
)
app.add_typer(preferences_app, name="preferences")

Now = Annotated[str | None, typer.Option(metavar="TIME", help="Act as if it were this moment.")]


@preferences_app.command()
def show(context: typer.Context, address: str, now: Now = None) -> None:
    """Show what ADDRESS asked for, with every default, and when the next three letters come.

    What the document does not say itself is marked as a default.
    """
    from newsletter.cli.preferring import run_show

    run_show(session_of(context), address, now)


@preferences_app.command()
def edit(
    context: typer.Context,
    address: str,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change this, e.g. send.at=07:30."),
    ] = None,
    removals: Annotated[
        list[str] | None,
        typer.Option("--unset", metavar="KEY", help="Take this out; the default holds again."),
    ] = None,
    editor: Annotated[
        str | None,
        typer.Option(metavar="COMMAND", help="Else VISUAL, else EDITOR, else vi."),
    ] = None,
    now: Now = None,
) -> None:
    """Edit the document of ADDRESS, and write it when it has no mistake.

    Opens a copy in your editor; mistakes are shown on top of it when it opens again. With --set
    and --unset no editor is opened. All that you do not change stays as it is, to the byte. Exit
    code 65 when nothing was written because of a mistake.
    """
    from newsletter.cli.preferences_drafts import EditWish, run_edit

    wish = EditWish(address, tuple(settings or ()), tuple(removals or ()), editor, now)
    run_edit(session_of(context), wish)


@preferences_app.command()
def check(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]…", help="Files or folders; - reads standard input. Else all documents."
        ),
    ] = None,
) -> None:
    """Check documents: every mistake with line, key and what to write instead.

    Exit code 65 when there is one, else 0.
    """
    from newsletter.cli.preferring import run_check

    run_check(session_of(context), tuple(files or ()))


@preferences_app.command()
def diff(
    context: typer.Context,
    address: str,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Else the document as it stands now.")
    ] = None,
    now: Now = None,
) -> None:
    """Say what FILE would change for ADDRESS, key by key, and when the next letter would come.

    Compared with what is in force. Nothing is written.
    """
    from newsletter.cli.preferring import run_diff

    run_diff(session_of(context), address, file, now)


@preferences_app.command()
def schema(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Else standard output.")
    ] = None,
) -> None:
    """Write the JSON Schema of a document, with which editors complete and check it.

    In a newsletter's folder it offers the topics of its catalogue.
    """
    from newsletter.cli.preferring import run_schema

    run_schema(session_of(context), output)
