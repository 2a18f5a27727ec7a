"""The work of `newsletter preview`: the same decision and the same bytes as the letter that is sent."""

import signal
import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import typer

from newsletter.bootstrap import Newsroom, documented, open_newsroom, render_samples
from newsletter.cli.session import Session, read_moment
from newsletter.cli.stopping import set_from_handler
from newsletter.config import load_config
from newsletter.errors import ExitCode
from newsletter.model import Silence
from newsletter.rules.planning import Schedule
from newsletter.web import WebServer, make_preview_app
from newsletter.workflows import (
    PrintedLetter,
    last_letter,
    preview,
)


@dataclass(frozen=True, slots=True)
class PreviewWish:
    """Which letter to show, and how; `now` and `output` as written."""

    address: str
    form: str
    output: Path | None
    now: str | None
    wants_last: bool


def run_preview(session: Session, wish: PreviewWish) -> None:
    """Write the letter that would be sent, or the last one again, or say why there is none."""
    with open_newsroom(session.config_path, now=read_moment(wish.now)) as room:
        letter = _find_letter(session, room, wish)
    content = _form_of(letter, wish.form)
    if wish.output:
        wish.output.write_bytes(content)
        session.notice(f"Written to {wish.output}.")
    else:
        typer.echo(content, nl=False)


def run_watch(session: Session, port: int) -> None:
    """Serve the sample editions until Ctrl-C or SIGTERM."""
    config = load_config(session.config_path)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: set_from_handler(stopped))
    pages = make_preview_app(
        partial(render_samples, config), partial(_newest_change, config.templates)
    )
    server = WebServer(pages, "127.0.0.1", port)
    server.start()
    session.say(f"Sample editions: {server.url}\nTemplates of your own go to {config.templates}.")
    session.say("Stop with Ctrl-C.")
    stopped.wait()
    server.stop()


def _find_letter(session: Session, room: Newsroom, wish: PreviewWish) -> PrintedLetter:
    person = documented(room, wish.address)
    if wish.wants_last:
        found = last_letter(person, room.publishing(), room.press)
        if found is None:
            session.notice(f"{wish.address}: no letter was ever planned.")
            raise typer.Exit(ExitCode.TEMPORARY)
        return found[1]
    result = preview(person, room.order(Schedule.KEEP), room.publishing(), room.press)
    if isinstance(result, Silence):
        reason = f"{wish.address}: no letter would be sent ({result.reason}). {result.detail}"
        session.notice(f"{reason}\n`--last` shows the last letter again.")
        raise typer.Exit(ExitCode.TEMPORARY)
    return result[1]


def _newest_change(folder: Path) -> str:
    """Return a text that differs after each change of a template, also a removed one."""
    return str([(str(path), path.stat().st_mtime_ns) for path in sorted(folder.rglob("*.j2"))])


def _form_of(letter: PrintedLetter, form: str) -> bytes:
    match form:
        case "eml":
            return letter.envelope.message
        case "html" if letter.rendered.html is not None:
            return letter.rendered.html.encode()
        case _:
            return letter.rendered.text.encode()
