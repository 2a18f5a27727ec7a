"""The command line's root: global options, and which session a command runs in."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter import __version__
from newsletter.cli.session import Session, find_config

app = typer.Typer(
    name="newsletter",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help=(
        "A self-hosted newsletter that writes a different letter for every subscriber.\n\n"
        "First steps: `newsletter init news && cd news && newsletter collect`, then\n"
        '`newsletter subscribers import subscribers --consent "…"` and\n'
        "`newsletter send --ignore-schedule`. Letters go to a server inside the program\n"
        "until `delivery.relays` in config.yaml names a real one."
    ),
    epilog=(
        "`--config`, `--json`, `--quiet` and `--verbose` may stand anywhere. Exit codes are those of "
        "sysexits.h: 65 a subscriber's document, 70 a letter failed, 75 try again, 78 the config."
    ),
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - Typer hands a flag over by position
    if wanted:
        typer.echo(f"newsletter {__version__}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(help="The config file; else NEWSLETTER_CONFIG, else ./config.yaml."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Write one JSON document.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only errors.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log more.")] = False,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    """Keep the global options for the command that follows."""
    context.obj = Session(
        config_path=find_config(config), wants_json=json, is_quiet=quiet, is_verbose=verbose
    )


def session_of(context: typer.Context) -> Session:
    """Return the session that `root` made."""
    session = context.find_object(Session)
    assert session is not None  # noqa: S101 - root runs before every command
    return session
