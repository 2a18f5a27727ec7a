"""`newsletter serve`: keep running."""

import signal
import threading
from typing import Annotated

import typer

from newsletter.bootstrap import open_newsroom, open_relay
from newsletter.cli.app import app, session_of
from newsletter.cli.logs import set_up_logging


@app.command()
def serve(
    context: typer.Context,
    port: Annotated[
        int | None, typer.Option(help="Port of the pages; else `web.port`; 0 takes a free one.")
    ] = None,
) -> None:
    """Keep running: collect, publish what is due each minute, deliver, and serve the pages.

    Ends cleanly on SIGTERM or Ctrl-C: what is in flight is finished, nothing new is begun.
    """
    session = session_of(context)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with open_newsroom(session.config_path) as room:
        set_up_logging(room.config.log, is_verbose=session.is_verbose, is_quiet=session.is_quiet)
        with open_relay(room) as transport, room.web_server(port) as web:
            scheduler = room.scheduler(transport)
            scheduler.start()
            session.say(f"Pages: {web.url}")
            if room.received:
                session.say(f"Letters go to the server inside the program: {web.url}received/")
            session.say("Stop with Ctrl-C.")
            stopped.wait()
            session.say("Stopping …")
            scheduler.stop()
