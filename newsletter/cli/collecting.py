"""The work of `newsletter collect` and `newsletter entries`."""

from collections import Counter
from collections.abc import Sequence

import typer
from rich.status import Status

from newsletter.bootstrap import Newsroom, open_newsroom
from newsletter.cli.embedding import read_meaning
from newsletter.cli.records import entry_record, source_record
from newsletter.cli.session import Session, read_moment
from newsletter.cli.tables import plain_table, source_table
from newsletter.errors import ExitCode
from newsletter.model import Admission, Entry, SourceName, SourceReport, SourceState
from newsletter.workflows import collect as collect_sources


def run_collect(session: Session, sources: Sequence[str], now: str | None) -> None:
    """Pull the named sources, all for none, and show how each pull ended."""
    with open_newsroom(session.config_path, now=read_moment(now)) as room:
        wanted = room.sources_named(sources)
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
            session.say(_stored(room))
        if any(report.new for report in reports):
            read_meaning(session, room)
    if any(report.state is SourceState.FAILED for report in reports):
        raise typer.Exit(ExitCode.TEMPORARY)


def run_entries(session: Session, since: str | None, source: str | None) -> None:
    """Show the stored entries first seen since, and announced by a source."""
    with open_newsroom(session.config_path) as room:
        found = room.entries.find(
            since=read_moment(since),
            source=SourceName(source) if source else None,
            admission=None,
        )
        if source and not found:
            _refuse_unknown(room, source)
        if session.wants_json:
            session.write_json({"entries": [entry_record(entry) for entry in found]})
            return
        rows = [
            (
                entry.id,
                entry.content.title,
                ", ".join(entry.sources),
                f"{entry.first_seen_at:%Y-%m-%d %H:%M}",
                _standing(entry),
            )
            for entry in found
        ]
        headings = ("Id", "Title", "Sources", "First seen (UTC)", "In letters")
        session.say(plain_table("Entries", headings, rows))
        session.say(f"{len(found)} entries.")


def _stored(room: Newsroom) -> str:
    entries = Counter(entry.admission for entry in room.entries.find(admission=None))
    aside = [
        f"{entries[one]:,} {name}"
        for one, name in ((Admission.HELD, "held"), (Admission.PASSED, "passed over"))
        if entries[one]
    ]
    return f"{entries.total()} entries are stored{': ' if aside else ''}{', '.join(aside)}."


def _standing(entry: Entry) -> str:
    return "yes" if entry.admission is Admission.RELEASED else f"no: {entry.admission}"


def _refuse_unknown(room: Newsroom, source: str) -> None:
    """Raise typer.BadParameter for a name that was never the name of a source."""
    known = dict.fromkeys([*map(str, room.config.sources), *map(str, room.log.last())])
    if source not in known:
        names = ", ".join(known) or "none yet"
        message = f"{source!r} is no source; there are: {names}"
        raise typer.BadParameter(message, param_hint="--source")
