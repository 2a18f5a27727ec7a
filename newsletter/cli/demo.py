"""The work of `newsletter demo`: the whole round, day after day, with invented services."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import typer

from newsletter.bootstrap import Demo, open_demo
from newsletter.cli.collecting import run_collect
from newsletter.cli.sending import SendWish, run_send
from newsletter.cli.serving import run_serve
from newsletter.cli.session import JsonValue, Session, read_moment
from newsletter.cli.subscribing import run_import
from newsletter.errors import ExitCode

_CONSENT = "invented readers of the demo"


@dataclass(frozen=True, slots=True)
class _Listening(Session):
    """A session that keeps what its commands would write as JSON."""

    kept: list[JsonValue] = field(default_factory=list)

    def write_json(self, value: JsonValue) -> None:
        """Keep a document, for one that holds all of them."""
        self.kept.append(value)


def run_demo(
    session: Session, into: Path | None, now: str | None, days: int, *, serves: bool
) -> None:
    """Run the demo and exit with the gravest code of its commands."""
    if serves and now:
        message = "`serve` goes by the time of this machine"
        raise typer.BadParameter(message, param_hint="--now with --serve")
    last = read_moment(now) or datetime.now(UTC).replace(microsecond=0)
    with open_demo(into, last, days) as demo:
        inside = _session_in(demo, session)
        _introduce(session, demo)
        codes = [_vouch(inside, demo), *(_act(inside, demo, day) for day in demo.days)]
        _conclude(session, demo, inside)
        if serves:
            demo.run_on()
            run_serve(replace(inside, wants_json=False), port=0, has_pages=True)
    raise typer.Exit(max(codes))


def _session_in(demo: Demo, session: Session) -> _Listening:
    return _Listening(
        config_path=demo.config_path,
        wants_json=session.wants_json,
        is_quiet=session.is_quiet,
        is_verbose=session.is_verbose,
        out=session.out,
        err=session.err,
    )


def _introduce(session: Session, demo: Demo) -> None:
    session.say(f"The demo stands in {demo.folder}; its papers, people and services are invented.")
    session.say("Sources keep the pace that services ask for, so each day takes some seconds.")


def _vouch(session: Session, demo: Demo) -> int:
    silent = replace(session, is_quiet=True)
    first = demo.days[0].isoformat()
    return _code_of(lambda: run_import(silent, [demo.subscribers], _CONSENT, first))


def _act(session: Session, demo: Demo, day: datetime) -> int:
    """Collect and send as if it were `day`; return the graver code of the two."""
    demo.go_to(day)
    session.say(f"\n━━ {day:%A, %d %B %Y, %H:%M} UTC ━━")
    wish = SendWish(day.isoformat(), None, None, ignores_schedule=True)
    return max(
        _code_of(lambda: run_collect(session, [], day.isoformat())),
        _code_of(lambda: run_send(session, wish)),
    )


def _code_of(work: Callable[[], None]) -> int:
    """Return the exit code with which a command would have ended."""
    try:
        work()
    except typer.Exit as end:
        return int(end.exit_code)
    return int(ExitCode.OK)


def _conclude(session: Session, demo: Demo, inside: _Listening) -> None:
    # The first document is of the import; then there are two for each day.
    collected, sent = inside.kept[1::2], inside.kept[2::2]
    if session.wants_json:
        days: list[JsonValue] = [
            {"now": day.isoformat(), "collect": one, "send": other}
            for day, one, other in zip(demo.days, collected, sent, strict=True)
        ]
        session.write_json({"folder": str(demo.folder), "days": days})
    config = shlex.quote(str(demo.config_path))
    session.say("\nLook around with, e.g.:")
    session.say(f"  newsletter --config {config} entries")
    session.say(f"  newsletter --config {config} preview robin@example.org")
