"""The work of `newsletter sources …`."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

import typer

from newsletter.bootstrap import Newsroom, address_of, open_newsroom
from newsletter.cli.records import moment, source_record
from newsletter.cli.rehearsals import entry_records, entry_table, outcomes_text, teller
from newsletter.cli.session import JsonValue, Session
from newsletter.cli.tables import plain_table, remarks, source_table
from newsletter.config import SourceSettings
from newsletter.errors import ConfigError, ExitCode
from newsletter.model import SourceName, SourceReport, SourceState
from newsletter.workflows import Rehearsal, rehearse

_SHOWN: Final = 20


def run_list(session: Session) -> None:
    """Show each source with its last pull."""
    with open_newsroom(session.config_path) as room:
        reports, held = room.log.last(), room.held.held()
        settings = room.config.sources
    gone = [name for name in held if name not in settings]
    if session.wants_json:
        lines: list[JsonValue] = [
            _line(name, one, reports.get(name), held.get(name, 0)) for name, one in settings.items()
        ]
        waiting: dict[str, JsonValue] = {str(name): held[name] for name in gone}
        session.write_json({"sources": lines, "held_of_others": waiting})
        return
    rows = [_row(name, one, reports.get(name), held.get(name, 0)) for name, one in settings.items()]
    headings = ("Source", "State", "Last pull (UTC)", "Next (UTC)", "New", "Held")
    session.say(plain_table("Sources", headings, rows) if rows else "No source in the config yet.")
    for line in remarks(reports[name] for name in settings if name in reports):
        session.say(line)
    for name in gone:
        session.say(f"{name}, which is no source any more: {held[name]:,} entries are held.")


def run_test(session: Session, name: str) -> None:
    """Pull one source as if for the first time and show what came; nothing is stored."""
    with open_newsroom(session.config_path) as room:
        (source,) = room.sources_named([name])
        rehearsal = rehearse(source, room.collecting(), teller(session))
    if session.wants_json:
        session.write_json({**source_record(rehearsal.report), "entries": entry_records(rehearsal)})
    else:
        _show(session, rehearsal)
    if rehearsal.report.state is SourceState.FAILED:
        raise typer.Exit(ExitCode.TEMPORARY)


def run_release(session: Session, name: str) -> None:
    """Let the held entries of a source go."""
    _settle(
        session, name, lambda room: room.held.release, "released", "the next letters can show them"
    )


def run_drop(session: Session, name: str) -> None:
    """Pass over the held entries of a source."""
    _settle(session, name, lambda room: room.held.drop, "dropped", "no letter will show them")


def _settle(
    session: Session,
    name: str,
    verb: Callable[[Newsroom], Callable[[SourceName], int]],
    done: str,
    consequence: str,
) -> None:
    with open_newsroom(session.config_path) as room:
        known = dict.fromkeys([*map(str, room.config.sources), *map(str, room.held.held())])
        if name not in known:
            message = f"{name}: no such source; there are: {', '.join(known) or 'none'}"
            raise ConfigError(message)
        count = verb(room)(SourceName(name))
    if session.wants_json:
        session.write_json({"source": name, done: count})
    elif count:
        session.say(f"{count:,} of {name} {done}: {consequence}.")
    else:
        session.say(f"Nothing of {name} is held.")


def _line(
    name: SourceName, settings: SourceSettings, report: SourceReport | None, held: int
) -> JsonValue:
    """Return one source for `sources list --json`; a source that was never pulled has no state."""
    return {
        **source_record(report or SourceReport(name, settings.kind, SourceState.EMPTY)),
        "kind": settings.kind,
        "state": report.state if report else None,
        "held": held,
        "every_s": int(settings.every.total_seconds()),
        "next_pull_at": moment(_next(settings, report)),
        "trust": settings.trust,
        "weight": settings.weight,
    }


def _row(
    name: SourceName, settings: SourceSettings, report: SourceReport | None, held: int
) -> tuple[str, ...]:
    following = _next(settings, report)
    return (
        f"{name} ({settings.kind})",
        str(report.state) if report else "never pulled",
        _shown(report.pulled_at if report else None),
        _shown(following) if following else "at once",
        str(report.new) if report else "",
        f"{held:,}" if held else "",
    )


def _next(settings: SourceSettings, report: SourceReport | None) -> datetime | None:
    """Return when `serve` pulls a source next; None: as soon as it runs."""
    return report.pulled_at + settings.every if report and report.pulled_at else None


def _shown(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


def _show(session: Session, rehearsal: Rehearsal) -> None:
    if rehearsal.filed:
        session.say(entry_table(rehearsal, _SHOWN))
    if len(rehearsal.filed) > _SHOWN:
        session.say(f"… and {len(rehearsal.filed) - _SHOWN:,} more.")
    session.say(source_table([rehearsal.report]))
    told = outcomes_text(rehearsal) or "No entry"
    session.say(f"{told}. Nothing was stored: `newsletter collect` does that.")


def run_address(session: Session, name: str) -> None:
    """Show where mail for one source is sent."""
    with open_newsroom(session.config_path) as room:
        (source,) = room.sources_named([name])
        address = address_of(source)
    if address is None:
        message = f"{name}: takes no mail; only sources of kind mail do"
        raise ConfigError(message)
    if session.wants_json:
        session.write_json({"source": name, "address": address})
    else:
        session.say(address)
