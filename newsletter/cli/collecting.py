"""`newsletter collect` and `newsletter entries`."""

from typing import Annotated

import typer
from rich.status import Status

from newsletter.bootstrap import open_newsroom
from newsletter.cli.app import app, session_of
from newsletter.cli.records import entry_record, source_record
from newsletter.cli.session import read_moment
from newsletter.cli.tables import plain_table, source_table
from newsletter.errors import ExitCode
from newsletter.model import SourceName, SourceReport, SourceState
from newsletter.workflows import collect as collect_sources


@app.command()
def collect(
    context: typer.Context,
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]…", help="Only these; else all.")
    ] = None,
    now: Annotated[str | None, typer.Option(help="Act as if it were this moment.")] = None,
) -> None:
    """Pull the sources and store what is new.

    Exit code 75 when a source failed; the others are stored all the same.
    """
    session = session_of(context)
    with open_newsroom(session.config_path, now=now) as room:
        wanted = room.sources_named(sources or [])
        with Status("Collecting …", console=session.err) as status:
            if session.is_quiet or session.wants_json:
                status.stop()

            def tell(report: SourceReport) -> None:
                status.update(f"Collecting … {report.name}: {report.state}")

            reports = collect_sources(wanted, room.collecting(), tell)
        session.say(source_table(reports))
        if session.wants_json:
            session.write_json({"sources": [source_record(report) for report in reports]})
        else:
            session.say(f"{len(room.entries.find())} entries are stored.")
    if any(report.state is SourceState.FAILED for report in reports):
        raise typer.Exit(ExitCode.TEMPORARY)


@app.command()
def entries(
    context: typer.Context,
    since: Annotated[
        str | None, typer.Option(metavar="T", help="First seen at or after, e.g. 2026-11-20.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(metavar="S", help="Announced by this source.")
    ] = None,
) -> None:
    """Show what is stored, one line per real paper."""
    session = session_of(context)
    with open_newsroom(session.config_path) as room:
        found = room.entries.find(
            since=read_moment(since), source=SourceName(source) if source else None
        )
        if session.wants_json:
            session.write_json({"entries": [entry_record(entry) for entry in found]})
            return
        rows = [
            (
                entry.id,
                entry.content.title,
                ", ".join(entry.sources),
                f"{entry.first_seen_at:%Y-%m-%d %H:%M}",
            )
            for entry in found
        ]
        session.say(plain_table("Entries", ("Id", "Title", "Sources", "First seen (UTC)"), rows))
        session.say(f"{len(found)} entries.")
