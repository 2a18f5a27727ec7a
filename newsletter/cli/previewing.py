"""The work of `newsletter preview`: the same decision and the same bytes as the letter that is sent."""

from pathlib import Path

import typer

from newsletter.bootstrap import open_newsroom
from newsletter.cli.session import Session, read_moment
from newsletter.errors import ExitCode
from newsletter.model import Silence
from newsletter.rules.planning import Schedule
from newsletter.workflows import (
    PrintedLetter,
    find_subscriber,
    last_letter,
    preview,
    preview_order,
)


def run_preview(
    session: Session,
    address: str,
    form: str,
    output: Path | None,
    now: str | None,
    *,
    wants_last: bool,
) -> None:
    """Write the letter that would be sent, or the last one again, or say why there is none."""
    with open_newsroom(session.config_path, now=read_moment(now)) as room:
        person = find_subscriber(address, room.subscribers)
        if wants_last:
            found = last_letter(person, room.publishing(), room.press)
            if found is None:
                session.notice(f"{address}: no letter was ever planned.")
                raise typer.Exit(ExitCode.TEMPORARY)
        else:
            wanted = preview_order(room.order(Schedule.KEEP), room.dressing)
            result = preview(person, wanted, room.publishing(), room.press)
            if isinstance(result, Silence):
                session.notice(
                    f"{address}: no letter would be sent ({result.reason}). {result.detail}"
                )
                session.notice("`--last` shows the last letter again.")
                raise typer.Exit(ExitCode.TEMPORARY)
            found = result
    content = _form_of(found[1], form)
    if output:
        output.write_bytes(content)
        session.notice(f"Written to {output}.")
    else:
        typer.echo(content, nl=False)


def _form_of(letter: PrintedLetter, form: str) -> bytes:
    match form:
        case "eml":
            return letter.envelope.message
        case "html" if letter.rendered.html is not None:
            return letter.rendered.html.encode()
        case _:
            return letter.rendered.text.encode()
