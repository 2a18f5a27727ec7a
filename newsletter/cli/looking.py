"""The work of `why`, `explain`, `status` and `deliveries`: look, and change nothing."""

from datetime import UTC, date, datetime
from typing import Final

from newsletter.bootstrap import disk_alarms, documented, open_newsroom
from newsletter.cli.gates import gate_record, gate_table
from newsletter.cli.lanes import lane_record, lane_table
from newsletter.cli.records import accounting_record, delivery_record, source_record
from newsletter.cli.session import Session, read_moment
from newsletter.cli.tables import delivery_table, plain_table, source_table
from newsletter.cli.workers_shown import work_record, work_tables
from newsletter.model import Admission, InboundState, OutboxState
from newsletter.rules.planning import Schedule
from newsletter.workflows import (
    asked_lately,
    flood_alarms,
    held_alarms,
    lane_alarms,
    look_at_work,
    report_lanes,
    take_stock,
)
from newsletter.workflows import explain as explain_score
from newsletter.workflows import why as why_silent

_SHOWN_ASIDE: Final = 10
"""Messages set aside that are counted: each can have a megabyte."""


def run_why(session: Session, address: str, day: date | None, now: str | None) -> None:
    """Say why nothing came on a local day; None is today."""
    with open_newsroom(session.config_path, now=read_moment(now)) as room:
        answer = why_silent(documented(room, address), day, room.reporting())
    reason = str(answer.silence.reason) if answer.silence else None
    head = f"{answer.address}, {answer.date}"
    session.say(f"{head}: {reason}" if reason else head)
    session.say(answer.detail)
    if answer.next_step:
        session.say(answer.next_step)
    if session.wants_json:
        session.write_json(
            {
                "address": answer.address,
                "date": answer.date.isoformat(),
                "reason": reason,
                "detail": answer.detail,
                "next_step": answer.next_step,
            }
        )


def run_explain(session: Session, address: str, entry: str) -> None:
    """Show every term of an entry's score for one subscriber."""
    with open_newsroom(session.config_path) as room:
        person = documented(room, address)
        found = explain_score(person, entry, room.order(Schedule.KEEP), room.reporting())
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
                "admission": found.entry.admission,
                "muted": found.is_muted,
                "sent": found.was_sent,
                "gates": [gate_record(one) for one in found.gates],
            }
        )
        return
    rows = [(term.name, f"{term.value:+.4f}") for term in terms]
    rows.append(("score", f"{score:+.4f}"))
    session.say(plain_table(found.entry.content.title, ("Term", "Value"), rows))
    session.say("\n".join(reasons) or "It answers none of this subscriber's topics and follows.")
    if found.gates:
        session.say(gate_table(found.gates))
    if found.entry.admission is not Admission.RELEASED:
        session.say(f"It is {found.entry.admission}: no letter shows it.")
    if found.is_muted:
        session.say("It is muted by this subscriber: it would not be sent.")
    if found.was_sent:
        session.say("These are the terms of the letter it was sent in.")


def run_status(session: Session, now: str | None) -> None:
    """Show the accounting identity, subscribers, silences, sources, lanes and alarms."""
    with open_newsroom(session.config_path, now=read_moment(now)) as room:
        status = take_stock(room.reporting(), room.figures)
        lanes, moment = room.throttles.lanes(), datetime.now(UTC)
        ways = lane_alarms(lanes, moment)
        lines = report_lanes(lanes, room.limits_now(), moment)
        flood = flood_alarms(asked_lately(room.correspondence, room.clock.now()))
        held = held_alarms(room.held.held())
        alarms = (*status.alarms, *held, *ways, *flood, *disk_alarms(room.config.data))
        work = look_at_work(room.working())
        aside = len(room.inbound.find(InboundState.ASIDE, limit=_SHOWN_ASIDE + 1))
    counts = accounting_record(status.accounting)
    if session.wants_json:
        session.write_json(
            {
                **counts,
                "silences": {str(reason): count for reason, count in status.silences.items()},
                "aside": aside,
                "sources": [source_record(one) for one in status.sources],
                "lanes": [lane_record(line) for line in lines],
                **work_record(work),
                "alarms": [str(alarm) for alarm in (*alarms, *work.stuck)],
            }
        )
        return
    session.say(plain_table("Letters", counts, [[str(count) for count in counts.values()]]))
    people = status.subscribers
    session.say(
        plain_table("Subscribers", people, [[str(count) for count in people.values()]])
        if people
        else "No subscribers yet."
    )
    if status.silences:
        rows = [(str(reason), str(count)) for reason, count in status.silences.items()]
        session.say(plain_table("Silences of 24 hours", ("No letter because", "People"), rows))
    session.say(source_table(status.sources) if status.sources else "No source was pulled yet.")
    if lines:
        session.say(lane_table(lines))
    if aside:
        count = aside if aside <= _SHOWN_ASIDE else f"More than {_SHOWN_ASIDE}"
        session.say(f"{count} received and set aside: `newsletter inbound` shows them.")
    for table in work_tables(work):
        session.say(table)
    if alarms:
        rows = [(alarm.fact, alarm.remedy) for alarm in alarms]
        session.say(plain_table("Alarms", ("What", "What to do"), rows))


def run_deliveries(session: Session, state: OutboxState | None, limit: int) -> None:
    """Show messages of the outbox, latest first."""
    with open_newsroom(session.config_path) as room:
        found = room.outbox.find(states=frozenset({state}) if state else None, limit=limit)
    if session.wants_json:
        session.write_json({"deliveries": [delivery_record(item) for item in found]})
        return
    session.say(delivery_table(found) if found else "No deliveries.")
