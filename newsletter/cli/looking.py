"""`preview`, `why`, `explain`, `status` and `deliveries`: look, and change nothing."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from newsletter.bootstrap import open_newsroom
from newsletter.cli.app import app, session_of
from newsletter.cli.records import accounting_record, delivery_record, source_record
from newsletter.cli.tables import delivery_table, plain_table, source_table
from newsletter.errors import ExitCode
from newsletter.model import OutboxState, Silence, SourceState
from newsletter.rules.planning import Schedule
from newsletter.workflows import (
    PrintedLetter,
    find_subscriber,
    last_letter,
    preview_order,
)
from newsletter.workflows import explain as explain_score
from newsletter.workflows import preview as preview_letter
from newsletter.workflows import why as why_silent


class PreviewFormat(StrEnum):
    """Which form of a letter to show."""

    HTML = "html"
    TEXT = "text"
    EML = "eml"


@app.command()
def preview(
    context: typer.Context,
    address: str,
    form: Annotated[PreviewFormat, typer.Option("--format", help="What to write.")] = (
        PreviewFormat.TEXT
    ),
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE")] = None,
    now: Annotated[str | None, typer.Option(help="Act as if it were this moment.")] = None,
    last: Annotated[bool, typer.Option("--last", help="The last letter, printed again.")] = False,
) -> None:
    """Show exactly what would be sent to ADDRESS at the slot that is due, else the next one."""
    session = session_of(context)
    with open_newsroom(session.config_path, now=now) as room:
        person = find_subscriber(address, room.subscribers)
        if last:
            found = last_letter(person, room.publishing(), room.press)
            if found is None:
                session.notice(f"{address}: no letter was ever planned.")
                raise typer.Exit(ExitCode.TEMPORARY)
        else:
            wanted = preview_order(room.order(Schedule.KEEP), room.dressing)
            result = preview_letter(person, wanted, room.publishing(), room.press)
            if isinstance(result, Silence):
                session.notice(f"{address}: no letter would be sent ({result.reason}). {result.detail}")
                session.notice("`--last` shows the last letter again.")
                raise typer.Exit(ExitCode.TEMPORARY)
            found = result
    content = _form_of(found[1], form)
    if output:
        output.write_bytes(content)
        session.notice(f"Written to {output}.")
    else:
        typer.echo(content, nl=False)


def _form_of(letter: PrintedLetter, form: PreviewFormat) -> bytes:
    match form:
        case PreviewFormat.EML:
            return letter.envelope.message
        case PreviewFormat.TEXT:
            return letter.rendered.text.encode()
        case PreviewFormat.HTML:
            return (letter.rendered.html or letter.rendered.text).encode()


@app.command()
def why(
    context: typer.Context,
    address: str,
    on: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="A local day; else today."),
    ] = None,
    now: Annotated[str | None, typer.Option(help="Act as if it were this moment.")] = None,
) -> None:
    """Say why nothing came to ADDRESS on a day."""
    session = session_of(context)
    with open_newsroom(session.config_path, now=now) as room:
        day: date | None = on.date() if on else None
        answer = why_silent(address, day, room.reporting())
    reason = str(answer.silence.reason) if answer.silence else None
    session.say(f"{answer.address}, {answer.date}: {reason or 'a letter'}\n{answer.detail}")
    if session.wants_json:
        session.write_json(
            {
                "address": answer.address,
                "date": answer.date.isoformat(),
                "reason": reason,
                "detail": answer.detail,
            }
        )


@app.command()
def explain(context: typer.Context, address: str, entry: str) -> None:
    """Show every term of ENTRY's score for ADDRESS; they sum to it."""
    session = session_of(context)
    with open_newsroom(session.config_path) as room:
        found = explain_score(address, entry, room.order(Schedule.KEEP), room.reporting())
    match = found.match
    terms = match.terms if match else ()
    reasons = [str(reason) for reason in match.reasons] if match else []
    score = match.score if match else 0.0
    if session.wants_json:
        session.write_json(
            {
                "subscriber": address,
                "id": found.entry.id,
                "title": found.entry.content.title,
                "score": score,
                "terms": [{"name": term.name, "value": term.value} for term in terms],
                "reasons": [str(reason) for reason in reasons],
                "muted": found.is_muted,
                "sent": found.was_sent,
            }
        )
        return
    rows = [(term.name, f"{term.value:+.4f}") for term in terms]
    rows.append(("score", f"{score:+.4f}"))
    session.say(plain_table(found.entry.content.title, ("Term", "Value"), rows))
    session.say("\n".join(reasons) or "It answers none of this subscriber's topics and follows.")
    if found.is_muted:
        session.say("It is muted by this subscriber: it would not be sent.")
    if found.was_sent:
        session.say("These are the terms of the letter it was sent in.")


@app.command()
def status(context: typer.Context) -> None:
    """Show how the ledger stands: planned = sent + failed + cancelled + uncertain + waiting."""
    session = session_of(context)
    with open_newsroom(session.config_path) as room:
        counts = accounting_record(room.outbox.accounting())
        reports = list(room.log.last().values())
        states = [str(person.state) for person in room.subscribers.all()]
    alarms = [
        f"source {report.name} failed: {'; '.join(report.problems)}"
        for report in reports
        if report.state is SourceState.FAILED
    ]
    if session.wants_json:
        session.write_json(
            {**counts, "sources": [source_record(one) for one in reports], "alarms": list(alarms)}
        )
        return
    session.say(plain_table("Letters", counts, [[str(count) for count in counts.values()]]))
    kinds = sorted(set(states))
    session.say(
        plain_table("Subscribers", kinds, [[str(states.count(kind)) for kind in kinds]])
        if kinds
        else "No subscribers yet."
    )
    session.say(source_table(reports) if reports else "No source was pulled yet.")
    for alarm in alarms:
        session.say(f"Alarm: {alarm}")


@app.command()
def deliveries(
    context: typer.Context,
    state: Annotated[OutboxState | None, typer.Option(help="Only these.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, latest first.")] = 100,
) -> None:
    """Show the messages of the outbox and what the relay said."""
    session = session_of(context)
    with open_newsroom(session.config_path) as room:
        found = room.outbox.find(states=frozenset({state}) if state else None, limit=limit)
    if session.wants_json:
        session.write_json({"deliveries": [delivery_record(item) for item in found]})
        return
    session.say(delivery_table(found) if found else "No deliveries.")
