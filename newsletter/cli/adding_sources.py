"""The work of `newsletter sources add`."""

import shlex
import sys
from collections.abc import Iterable
from typing import Final

import typer

from newsletter.bootstrap import (
    Addition,
    Newsroom,
    draft_source,
    find_sources,
    open_newsroom,
    try_addition,
    web_for_adding,
    write_addition,
)
from newsletter.cli.records import moment, source_record
from newsletter.cli.rehearsals import entry_records, entry_table, outcomes_text, teller
from newsletter.cli.session import JsonValue, Session
from newsletter.cli.tables import plain_table, report_text
from newsletter.errors import ExitCode
from newsletter.model import SourceState
from newsletter.sources import Candidate, Discovery, is_name
from newsletter.workflows import Rehearsal

_SHOWN: Final = 5
"""Entries of the proposed source."""


def run_add(session: Session, written: str, name: str | None, *, is_certain: bool) -> None:
    """Find out what `written` is, show it, and add it to config.yaml when that is wanted."""
    with open_newsroom(session.config_path) as room:
        _check_name(room, name)
        web, tell = web_for_adding(room), teller(session)
        found = find_sources(room, written, web, tell)
        if not found.candidates:
            raise _nothing(session, written, found)
        _show_candidates(session, found.candidates)
        best = found.candidates[0]
        addition = draft_source(room, best, name)
        if addition.known_as:
            _tell_known(session, written, found, addition)
            return
        rehearsal = try_addition(room, addition, web, tell)
        _show(session, found, addition, rehearsal)
        has_failed = rehearsal.report.state is SourceState.FAILED
        is_wanted = not has_failed and (is_certain or _is_wanted(session))
        if is_wanted:
            write_addition(room, addition)
    if session.wants_json:
        record = _record(written, found, addition, rehearsal)
        session.write_json({**record, "written": is_wanted})
    _tell_end(session, addition, is_wanted=is_wanted, has_failed=has_failed)
    if has_failed:
        raise typer.Exit(ExitCode.TEMPORARY)


def _check_name(room: Newsroom, name: str | None) -> None:
    """Raise typer.BadParameter for a name that no new source can have."""
    if name is None:
        return
    if not is_name(name):
        message = f"{name!r} is no name of a source; use up to 40 letters, digits, - and _"
        raise typer.BadParameter(message, param_hint="--name")
    if name in room.config.sources:
        message = f"{name!r} is a source already; choose another name"
        raise typer.BadParameter(message, param_hint="--name")


def _nothing(session: Session, written: str, found: Discovery) -> typer.Exit:
    """Say what was tried and what to do; return how to end."""
    if session.wants_json:
        session.write_json({**_record(written, found), "written": False})
    for line in found.tried:
        session.notice(f"- {line}")
    session.notice(found.hint)
    return typer.Exit(ExitCode.TEMPORARY if found.is_passing else ExitCode.NO_INPUT)


def _tell_known(session: Session, written: str, found: Discovery, addition: Addition) -> None:
    if session.wants_json:
        session.write_json({**_record(written, found, addition), "written": False})
    session.say(f"It is in config.yaml already, as {addition.known_as}. Nothing was written.")


def _show(session: Session, found: Discovery, addition: Addition, rehearsal: Rehearsal) -> None:
    if rehearsal.filed:
        session.say(entry_table(rehearsal, _SHOWN))
        session.say(f"In all, as it would be stored at its first pull: {outcomes_text(rehearsal)}.")
    elif rehearsal.report.state is not SourceState.FAILED:
        session.say("It has no entry at the moment.")
    if said := report_text(rehearsal.report):
        session.say(said)
    if len(found.candidates) > 1 and (other := _address(found.candidates[1])):
        session.say(f"To take another one: newsletter sources add {shlex.quote(other)}")
    session.say(f"\nFor config.yaml:\n\n{addition.block}")


def _is_wanted(session: Session) -> bool:
    """Ask, where there is somebody to ask."""
    if session.wants_json or not sys.stdin.isatty():
        return False
    return typer.confirm("Write this into config.yaml?", default=True, err=True)


def _tell_end(session: Session, addition: Addition, *, is_wanted: bool, has_failed: bool) -> None:
    if is_wanted:
        session.say(
            f"Written to {session.config_path}. `newsletter collect {addition.name}` pulls it; "
            "a `serve` that runs takes it up when it is started again."
        )
    elif has_failed:
        session.notice("It could not be read, so nothing was written. Try again later.")
    else:
        session.notice("Nothing was written; with --yes it is, or put the block there yourself.")


def _show_candidates(session: Session, candidates: Iterable[Candidate]) -> None:
    """Show what was found, the addresses on lines of their own: people copy them."""
    numbered = [(str(number), one) for number, one in enumerate(candidates, 1)]
    rows = [
        (
            number,
            one.title or one.fallback,
            f"{one.kind} ({one.form})",
            "" if one.posts is None else f"{one.posts:,}",
            f"{one.latest_at:%Y-%m-%d}" if one.latest_at else "",
            one.found,
        )
        for number, one in numbered
    ]
    headings = ("", "Title", "Kind", "Posts", "Latest", "Found")
    session.say(plain_table("Sources at this address, the first is proposed", headings, rows))
    for number, one in numbered:
        told = [text for text in (_address(one), one.note) if text]
        if told:
            session.say(f"{number}. {'; '.join(told)}")


def _address(candidate: Candidate) -> str:
    value = candidate.settings.get("url") or candidate.settings.get("path") or ""
    return value if isinstance(value, str) else ""


def _record(
    written: str,
    found: Discovery,
    addition: Addition | None = None,
    rehearsal: Rehearsal | None = None,
) -> dict[str, JsonValue]:
    return {
        "url": written,
        "candidates": [_candidate_record(one) for one in found.candidates],
        "tried": list(found.tried),
        "hint": found.hint,
        "name": addition.name if addition else None,
        "known_as": addition.known_as if addition else None,
        "block": addition.block if addition else None,
        "pull": source_record(rehearsal.report) if rehearsal else None,
        "entries": entry_records(rehearsal, _SHOWN) if rehearsal else [],
    }


def _candidate_record(candidate: Candidate) -> JsonValue:
    settings: dict[str, JsonValue] = {
        key: value if isinstance(value, str) else list(value)
        for key, value in candidate.settings.items()
    }
    return {
        "kind": candidate.kind,
        "title": candidate.title,
        "form": candidate.form,
        "settings": settings,
        "every": candidate.every,
        "posts": candidate.posts,
        "latest_at": moment(candidate.latest_at),
        "found": candidate.found,
        "note": candidate.note,
    }
