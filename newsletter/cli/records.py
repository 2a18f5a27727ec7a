"""What `--json` writes: plain values under the names that other programs rely on."""

from collections.abc import Mapping
from datetime import datetime

from newsletter.cli.session import JsonValue
from newsletter.model import (
    Accounting,
    Edition,
    Entry,
    EntryContent,
    Match,
    OutboxItem,
    Problem,
    RevisionId,
    SourceReport,
)


def moment(at: datetime | None) -> str | None:
    """Return ISO 8601 with offset, or None."""
    return at.isoformat() if at else None


def problem_record(problem: Problem) -> JsonValue:
    """Return one problem of a file that a person wrote."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "key": problem.key,
        "message": problem.message,
        "suggestion": problem.suggestion,
    }


def source_record(report: SourceReport) -> dict[str, JsonValue]:
    """Return one source's last pull."""
    return {
        "name": report.name,
        "kind": report.kind,
        "state": report.state,
        "fetched": report.fetched,
        "new": report.new,
        "merged": report.merged,
        "revised": report.revised,
        "held": report.held,
        "passed": report.passed,
        "note": report.note,
        "problems": list(report.problems),
        "duration_s": round(report.duration.total_seconds(), 3),
        "pulled_at": moment(report.pulled_at),
    }


def entry_record(entry: Entry) -> JsonValue:
    """Return one stored entry."""
    content = entry.content
    return {
        "id": entry.id,
        "title": content.title,
        "abstract": content.abstract,
        "tldr": content.tldr,
        "authors": list(content.authors),
        "author_count": content.author_count,
        "organization": content.organization,
        "published_on": content.published_on.isoformat() if content.published_on else None,
        "comments": content.comments,
        "upvotes": content.upvotes,
        "links": [{"kind": link.kind, "url": link.url} for link in content.links],
        "categories": list(content.categories),
        "keywords": list(content.keywords),
        "affiliations": list(content.affiliations),
        "remark": content.remark,
        "venue": content.venue,
        "license": content.license,
        "code_stars": content.code_stars,
        "sources": list(entry.sources),
        "first_seen_at": moment(entry.first_seen_at),
        "release_no": entry.release_no,
        "admission": entry.admission,
    }


def match_record(match: Match, content: EntryContent) -> JsonValue:
    """Return one entry of a letter with score and reasons."""
    return {
        "id": match.entry,
        "title": content.title,
        "score": round(match.score, 6),
        "reasons": [str(reason) for reason in match.reasons],
    }


def edition_record(
    edition: Edition, item: OutboxItem | None, titles: Mapping[RevisionId, EntryContent]
) -> JsonValue:
    """Return one letter with its state; `item` is None when nothing was recorded (a dry run)."""
    return {
        "subscriber": edition.reader.address,
        "slot": str(edition.slot),
        "state": item.state if item else "dry-run",
        "message_id": item.message_id if item else None,
        "last_reply": item.last_reply if item else "",
        "entries": [match_record(one, titles[one.revision]) for one in edition.matches],
    }


def delivery_record(item: OutboxItem) -> JsonValue:
    """Return one message of the outbox."""
    return {
        "id": item.id,
        "subscriber": item.recipient,
        "slot": str(item.slot) if item.slot else None,
        "kind": item.kind,
        "state": item.state,
        "attempts": item.attempts,
        "message_id": item.message_id,
        "last_reply": item.last_reply,
        "updated_at": moment(item.updated_at),
    }


def accounting_record(counts: Accounting) -> dict[str, JsonValue]:
    """Return the identity planned = sent + failed + cancelled + uncertain + waiting."""
    return {
        "planned": counts.planned,
        "sent": counts.sent,
        "failed": counts.failed,
        "waiting": counts.waiting,
        "uncertain": counts.uncertain,
        "cancelled": counts.cancelled,
    }
