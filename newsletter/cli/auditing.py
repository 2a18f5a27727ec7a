"""The work of `newsletter audit`."""

from newsletter.bootstrap import names_of, open_newsroom
from newsletter.cli.records import moment
from newsletter.cli.session import JsonValue, Session
from newsletter.cli.tables import plain_table
from newsletter.ports import AuditId
from newsletter.storage import Audit


def run_audit(session: Session, limit: int, before: int | None) -> None:
    """Show the lines of the audit log, the latest first."""
    with open_newsroom(session.config_path) as room:
        below = None if before is None else AuditId(before)
        lines = Audit(room.database).latest(limit=limit, below=below)
        names = names_of(lines, room)
    if session.wants_json:
        records: list[JsonValue] = [
            {
                "line": line.id,
                "at": moment(line.at),
                "actor": line.deed.actor,
                "action": line.deed.action,
                "subject": line.deed.subject,
                "address": names.get(line.deed.subject),
                "detail": line.deed.detail,
            }
            for line in lines
        ]
        session.write_json({"lines": records})
        return
    rows = [
        (
            str(line.id),
            f"{line.at:%Y-%m-%d %H:%M:%S}",
            line.deed.actor,
            line.deed.action,
            names.get(line.deed.subject, line.deed.subject),
            line.deed.detail,
        )
        for line in lines
    ]
    headings = ("Line", "When (UTC)", "Who", "What", "To what", "How it ended")
    session.say(plain_table("Audit log", headings, rows) if rows else "Nothing was done yet.")
