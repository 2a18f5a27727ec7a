"""`newsletter resolve`: its options and its help; the work is in `resolving`."""

from enum import StrEnum
from typing import Annotated

import typer

from newsletter.cli.app import app, session_of


class Resolution(StrEnum):
    """What became of a letter of which the relay's answer got lost, or what shall."""

    SENT = "sent"
    FAILED = "failed"
    RESEND = "resend"


@app.command()
def resolve(
    context: typer.Context,
    number: Annotated[
        int, typer.Argument(metavar="ID", min=1, max=2**63 - 1, help="As `deliveries` shows it.")
    ],
    resolution: Annotated[
        Resolution,
        typer.Argument(help="It arrived; it did not; or send it once more, byte for byte."),
    ],
) -> None:
    """Say what became of a letter of which the relay's answer got lost.

    `newsletter deliveries --state uncertain` shows them. Exit code 65 for a letter that is not
    uncertain, or not there.
    """
    from newsletter.cli.resolving import run_resolve

    run_resolve(session_of(context), number, resolution.value)
