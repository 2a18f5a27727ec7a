"""`newsletter receive` and `newsletter inbound`: options and help; the work is in `receiving`."""

from enum import StrEnum
from typing import Annotated

import typer

from newsletter.cli.app import app, session_of


class InboundChoice(StrEnum):
    """Which messages are listed."""

    RECEIVED = "received"
    HANDLED = "handled"
    ASIDE = "aside"


@app.command()
def receive(
    context: typer.Context,
    sender: Annotated[
        str | None,
        typer.Option(help='Who sent it, of the envelope; "" for a bounce. Else the message tells.'),
    ] = None,
    recipient: Annotated[
        str | None,
        typer.Option(help="Which of our addresses it came to. Else the message tells."),
    ] = None,
) -> None:
    """Take one message from standard input: a command, an edited document, a bounce.

    For the pipe of a mail server. Exit code 0 when the message is stored and handled, 75 when it
    has to be tried again. Answers leave with the next `send`, or at once under `serve`.
    """
    from newsletter.cli.receiving import run_receive

    run_receive(session_of(context), sender, recipient)


@app.command()
def inbound(
    context: typer.Context,
    state: Annotated[
        InboundChoice, typer.Option(help="aside: what could not be read.")
    ] = InboundChoice.ASIDE,
    replay: Annotated[
        int | None,
        typer.Option(metavar="ID", min=1, max=2**63 - 1, help="Look at this message once more."),
    ] = None,
    show: Annotated[
        int | None,
        typer.Option(metavar="ID", min=1, max=2**63 - 1, help="Write this message as it came."),
    ] = None,
) -> None:
    """Show the messages that came in, and what became of them.

    `newsletter inbound --replay 12` looks at one again, as if it had come just now.
    """
    from newsletter.cli.receiving import run_inbound, run_replay, run_show

    if replay is not None:
        run_replay(session_of(context), replay)
    elif show is not None:
        run_show(session_of(context), show)
    else:
        run_inbound(session_of(context), state.value)
