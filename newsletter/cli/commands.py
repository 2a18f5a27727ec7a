"""Every command of the command line: its options and its help. The work is imported when it is asked for.

That keeps `newsletter --help` quick: it loads neither the database nor the templates.
"""

import signal
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.app import app, session_of

Now = Annotated[
    str | None,
    typer.Option(
        metavar="TIME", help="Act as if it were this moment, e.g. 2026-11-23T08:00+01:00."
    ),
]


class PreviewFormat(StrEnum):
    """Which form of a letter to show."""

    HTML = "html"
    TEXT = "text"
    EML = "eml"


class LetterState(StrEnum):
    """Where a message stands: the words of `OutboxState`, without the time it takes to load the model."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    IN_DATA = "in-data"
    DEFERRED = "deferred"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


@app.command()
def init(context: typer.Context, folder: Path) -> None:
    """Make FOLDER with config.yaml, subscribers/, samples/ and templates/ to start from.

    It runs as it is: sample entries, three example subscribers, a mail server inside the program.
    """
    from newsletter.cli.starting import run_init

    run_init(session_of(context), folder)


@app.command()
def check(context: typer.Context) -> None:
    """Check config, subscribers' documents, topics and templates; list all problems at once.

    Exit code 78 when the config or a template cannot be used, else 65 when a subscriber's document
    cannot, else 0.
    """
    from newsletter.cli.checking import run_check

    run_check(session_of(context))


@app.command()
def collect(
    context: typer.Context,
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]…", help="Only these; else all.")
    ] = None,
    now: Now = None,
) -> None:
    """Pull the sources and store what is new.

    Exit code 75 when a source failed; the others are stored all the same.
    """
    from newsletter.cli.collecting import run_collect

    run_collect(session_of(context), sources or [], now)


@app.command()
def entries(
    context: typer.Context,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="First seen at or after, e.g. 2026-11-20.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(metavar="SOURCE", help="Announced by this source.")
    ] = None,
) -> None:
    """Show what is stored, one line per real paper."""
    from newsletter.cli.collecting import run_entries

    run_entries(session_of(context), since, source)


@app.command()
def send(
    context: typer.Context,
    now: Now = None,
    subscriber: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Only this subscriber.")
    ] = None,
    ignore_schedule: Annotated[
        bool, typer.Option("--ignore-schedule", help="Write to everyone who has something new.")
    ] = False,
    dry_run: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the letters as .eml files there; record nothing."),
    ] = None,
) -> None:
    """Plan and deliver all that is due, then exit; show who got what and why, and who got nothing.

    Exit code: 70 when a letter failed, else 75 when one waits or a source failed, else 65 when a
    subscriber's document is broken, else 0.
    """
    from newsletter.cli.sending import SendWish, run_send

    wish = SendWish(now, subscriber, dry_run, ignores_schedule=ignore_schedule)
    run_send(session_of(context), wish)


@app.command()
def preview(
    context: typer.Context,
    address: Annotated[str | None, typer.Argument(help="Whose letter; none with --watch.")] = None,
    form: Annotated[PreviewFormat, typer.Option("--format", help="What to write.")] = (
        PreviewFormat.TEXT
    ),
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Else standard output.")
    ] = None,
    now: Now = None,
    last: Annotated[bool, typer.Option("--last", help="The last letter, printed again.")] = False,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Serve all sample editions; a saved template shows at once."),
    ] = False,
    port: Annotated[int, typer.Option(help="Of --watch; 0 takes a free one.")] = 0,
) -> None:
    """Show exactly what would be sent to ADDRESS at the slot that is due, else at the next one.

    Exit code 75 when nothing would be sent; the reason is shown.
    """
    from newsletter.cli.previewing import PreviewWish, run_preview, run_watch

    if watch:
        run_watch(session_of(context), port)
    elif address is None:
        message = "name whose letter, or give --watch"
        raise typer.BadParameter(message, param_hint="ADDRESS")
    else:
        wish = PreviewWish(address, form.value, output, now, wants_last=last)
        run_preview(session_of(context), wish)


@app.command()
def why(
    context: typer.Context,
    address: str,
    on: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="A local day; else today."),
    ] = None,
    now: Now = None,
) -> None:
    """Say why nothing came to ADDRESS on a day."""
    from newsletter.cli.looking import run_why

    run_why(session_of(context), address, on.date() if on else None, now)


@app.command()
def explain(context: typer.Context, address: str, entry: str) -> None:
    """Show every term of ENTRY's score for ADDRESS; they sum to it."""
    from newsletter.cli.looking import run_explain

    run_explain(session_of(context), address, entry)


@app.command()
def status(context: typer.Context, now: Now = None) -> None:
    """Show how the ledger stands: planned = sent + failed + cancelled + uncertain + waiting.

    And how many got nothing in the last 24 hours, by reason, the sources, and what needs a look.
    """
    from newsletter.cli.looking import run_status

    run_status(session_of(context), now)


@app.command()
def deliveries(
    context: typer.Context,
    state: Annotated[LetterState | None, typer.Option(help="Only these.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, latest first.")] = 100,
) -> None:
    """Show the messages of the outbox and what the relay said."""
    from newsletter.cli.looking import run_deliveries
    from newsletter.model import OutboxState

    run_deliveries(session_of(context), OutboxState(state) if state else None, limit)


@app.command()
def retry(
    context: typer.Context,
    numbers: Annotated[
        list[int] | None,
        typer.Argument(
            metavar="[ID]…",
            min=1,
            max=2**63 - 1,
            help="Else all that failed or wait for another try.",
        ),
    ] = None,
) -> None:
    """Queue failed and deferred letters again, in the present templates, for the next `send`.

    An address that the relay called bad (5.1.x) is not tried again. Exit code 65 when a letter
    that was named is not queued; the reason is shown.
    """
    from newsletter.cli.resolving import run_retry

    run_retry(session_of(context), numbers or [])


@app.command()
def serve(
    context: typer.Context,
    port: Annotated[
        int | None, typer.Option(help="Port of the pages; else `web.port`; 0 takes a free one.")
    ] = None,
    no_pages: Annotated[
        bool, typer.Option("--no-pages", help="Leave the pages to another process.")
    ] = False,
) -> None:
    """Keep running: collect, publish what is due each minute, deliver, and serve the pages.

    Ends cleanly on SIGTERM or Ctrl-C: what is in flight is finished, nothing new is begun.
    """
    # Until the real handler stands: somebody may stop us while the libraries are loaded.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    from newsletter.cli.serving import run_serve

    run_serve(session_of(context), port, has_pages=not no_pages)


@app.command()
def doctor(context: typer.Context) -> None:
    """Look at config, templates, database, disk, clock, secret, sources, subscribers and relay.

    Exit code 78 when something would stop the newsletter, else 0. Each finding has its remedy.
    """
    from newsletter.cli.doctor import run_doctor

    run_doctor(session_of(context))


@app.command()
def backup(context: typer.Context, folder: Path) -> None:
    """Copy database, secret, keys, config and documents into FOLDER, also while sending goes on.

    The copy of the database is consistent. FOLDER must be empty or new; it holds secrets, so only
    its owner may read it.
    """
    from newsletter.cli.keeping import run_backup

    run_backup(session_of(context), folder)
