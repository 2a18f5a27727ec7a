"""The work of `newsletter preferences try`: the letters of the last days, before anybody saves."""

import sys
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import typer

from newsletter.bootstrap import Newsroom, index_anew, open_newsroom
from newsletter.cli.records import match_record, moment, problem_record
from newsletter.cli.session import JsonValue, Session, read_moment
from newsletter.errors import ExitCode
from newsletter.model import Match, PreferencesReading, Problem, Slot, SlotPlan
from newsletter.preferences import parse_documents
from newsletter.workflows import Trial, TrialPorts, silence_of, try_out

_STANDARD_INPUT: Final = "-"
_MOST_BYTES: Final = 1_048_576


def run_try(session: Session, file: str, days: int, now: str | None) -> None:
    """Show what the documents of `file` would have received; exit with 65 when one is broken."""
    with open_newsroom(session.config_path, now=read_moment(now)) as room:
        reading = _read(file, room)
        if reading.problems or not reading.documents:
            _refuse(session, file, reading.problems)
        index = index_anew(room)
        ports = TrialPorts(room.entries, room.clock, index, room.topicality)
        trials = [
            try_out(one.preferences, room.default_topics, ports, span=timedelta(days=days))
            for one in reading.documents
        ]
    if session.wants_json:
        session.write_json({"days": days, "documents": [_trial_record(one) for one in trials]})
        return
    for trial in trials:
        _show(session, trial, days)


def _read(file: str, room: Newsroom) -> PreferencesReading:
    name = "standard input" if file == _STANDARD_INPUT else file
    octets = _octets(file)
    if len(octets) > _MOST_BYTES:
        message = f"holds more than {_MOST_BYTES:,} bytes"
        return PreferencesReading((), (Problem(name, 0, 0, "", message, "try fewer documents"),))
    try:
        text = octets.decode()
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        problem = Problem(name, line, 0, "", "is not UTF-8", "save it with that encoding")
        return PreferencesReading((), (problem,))
    config = room.config
    return parse_documents(
        text, name, catalogue=config.catalogue(), defaults=config.default_preferences()
    )


def _octets(file: str) -> bytes:
    if file == _STANDARD_INPUT:
        return sys.stdin.buffer.read(_MOST_BYTES + 1)
    with Path(file).open("rb") as opened:
        return opened.read(_MOST_BYTES + 1)


def _refuse(session: Session, file: str, problems: tuple[Problem, ...]) -> None:
    told = problems or (Problem(file, 0, 0, "", "holds no document", "begin with email: ADDRESS"),)
    if session.wants_json:
        session.write_json({"problems": [problem_record(problem) for problem in told]})
    for problem in told:
        session.notice(str(problem))
    raise typer.Exit(ExitCode.DATA)


def _show(session: Session, trial: Trial, days: int) -> None:
    session.say(
        f"{trial.preferences.email}, the last {days} days, as if confirmed at their start:\n"
    )
    for plan in trial.plans:
        session.say("\n".join(_slot_lines(plan, trial)))
    letters = len(trial.editions)
    session.say(
        f"\n{letters} {'letter' if letters == 1 else 'letters'} in {len(trial.plans)} slots, "
        f"{trial.entries_a_week:.1f} entries a week. Nothing was written."
    )


def _slot_lines(plan: SlotPlan, trial: Trial) -> Iterable[str]:
    silence = silence_of(plan)
    head = f"{_local(plan.slot)}, {plan.new_count} new"
    if plan.edition is None and silence:
        yield f"{head}: no letter ({silence.reason}). {silence.detail}"
        return
    note = f"a letter that says why it is empty. {silence.detail}" if silence else "a letter"
    yield f"{head}: {note}"
    if plan.edition:
        for match in plan.edition.matches:
            reasons = "; ".join(map(str, match.reasons))
            yield f"  {_title(match, trial)} [{reasons}]"
        if plan.edition.also_matched:
            cut = " · ".join(_title(match, trial) for match in plan.edition.also_matched)
            yield f"  Also matched, by title alone: {cut}"


def _local(slot: Slot) -> str:
    return f"{slot.begins_at.astimezone(ZoneInfo(slot.timezone)):%a %Y-%m-%d %H:%M}"


def _title(match: Match, trial: Trial) -> str:
    return trial.entries[match.entry].content.title


def _trial_record(trial: Trial) -> JsonValue:
    return {
        "address": trial.preferences.email,
        "since": moment(trial.since),
        "until": moment(trial.until),
        "letters": len(trial.editions),
        "entries_a_week": round(trial.entries_a_week, 2),
        "slots": [_slot_record(plan, trial) for plan in trial.plans],
    }


def _slot_record(plan: SlotPlan, trial: Trial) -> JsonValue:
    silence, edition = silence_of(plan), plan.edition
    return {
        "slot": str(plan.slot),
        "begins_at": moment(plan.slot.begins_at),
        "new": plan.new_count,
        "has_letter": edition is not None,
        "entries": _matches(edition.matches if edition else (), trial),
        "also_matched": _matches(edition.also_matched if edition else (), trial),
        "silence": {"reason": silence.reason, "detail": silence.detail} if silence else None,
    }


def _matches(matches: Iterable[Match], trial: Trial) -> JsonValue:
    return [match_record(match, trial.entries[match.entry].content) for match in matches]
