"""`newsletter dkim …`: the options and the help of each; the work is in `dkim`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.app import app, session_of

keys = typer.Typer(no_args_is_help=True, help="Make the keys that sign letters (DKIM).")
app.add_typer(keys, name="dkim")


class KeyType(StrEnum):
    """Which kind of key to make."""

    RSA = "rsa"
    ED25519 = "ed25519"


@keys.callback()
def root() -> None:
    """Keep `new` a word of its own while it is the only command."""


@keys.command()
def new(
    context: typer.Context,
    selector: Annotated[
        str, typer.Argument(metavar="SELECTOR", help="Names the key in the DNS, e.g. s1.")
    ],
    domain: Annotated[
        str | None,
        typer.Option(metavar="DOMAIN", help="Which signs; else that of newsletter.from."),
    ] = None,
    kind: Annotated[
        KeyType,
        typer.Option("--type", help="Everybody can verify rsa; ed25519 may stand beside it."),
    ] = KeyType.RSA,
    bits: Annotated[int, typer.Option(min=2048, max=4096, help="Size of an rsa key.")] = 2048,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Else dkim-SELECTOR.pem in data."),
    ] = None,
) -> None:
    """Make a key, and show what to publish in the DNS and to add to config.yaml.

    Nothing is signed with it before config.yaml names it: publish first. A file that exists is
    never overwritten.
    """
    from newsletter.cli.dkim import run_dkim_new

    run_dkim_new(
        session_of(context), selector, domain=domain, kind=kind.value, bits=bits, output=output
    )
