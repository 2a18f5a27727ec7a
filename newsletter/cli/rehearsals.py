"""How a pull looks that stores nothing: its steps while it runs, and what would be stored."""

from collections import Counter
from collections.abc import Callable
from itertools import islice
from typing import Final

from rich.table import Table

from newsletter.cli.session import JsonValue, Session
from newsletter.cli.tables import plain_table
from newsletter.model import (
    Admission,
    EntryChange,
    EntryContent,
    NewEntry,
    PullStep,
    RevisedEntry,
)
from newsletter.rules.identity import Filed
from newsletter.workflows import Rehearsal

_OUTCOMES: Final = {
    Admission.RELEASED: "new",
    Admission.HELD: "held",
    Admission.PASSED: "passed",
}


def teller(session: Session) -> Callable[[PullStep], None]:
    """Return what tells each step of a pull to a person; programs that read JSON hear nothing."""

    def tell(step: PullStep) -> None:
        took = f" ({step.took.total_seconds():.2f} s)" if step.took is not None else ""
        if not session.wants_json:
            session.notice(f"{step.text}{took}")

    return tell


def entry_table(rehearsal: Rehearsal, most: int) -> Table:
    """Return the first `most` entries as they would be stored."""
    rows = [
        (_outcome(change), _content(filed, change).title, _published(filed, change), change.id)
        for filed, change in islice(_pairs(rehearsal), most)
    ]
    return plain_table("Entries", ("Outcome", "Title", "Published", "Id"), rows)


def entry_records(rehearsal: Rehearsal, most: int | None = None) -> JsonValue:
    """Return the entries, or the first `most` of them, with everything that would be stored."""
    return [_would_be(*one) for one in islice(_pairs(rehearsal), most)]


def outcomes_text(rehearsal: Rehearsal) -> str:
    """Return what would become of the entries, in numbers; empty when there is none."""
    counts = Counter(_outcome(change) for _, change in _pairs(rehearsal))
    return ", ".join(f"{count:,} {outcome}" for outcome, count in counts.items())


def _pairs(rehearsal: Rehearsal) -> list[tuple[Filed, EntryChange]]:
    return list(zip(rehearsal.filed, rehearsal.admitted.changes, strict=True))


def _would_be(filed: Filed, change: EntryChange) -> JsonValue:
    content = _content(filed, change)
    return {
        "id": change.id,
        "outcome": _outcome(change),
        "title": content.title,
        "abstract": content.abstract,
        "authors": list(content.authors),
        "published_on": content.published_on.isoformat() if content.published_on else None,
        "upvotes": content.upvotes,
        "links": [{"kind": link.kind, "url": link.url} for link in content.links],
        "announcements": len(filed.announcements),
        "sources": list(filed.stored.sources) if filed.stored else [],
    }


def _outcome(change: EntryChange) -> str:
    """Return what would become of a paper, in a word."""
    match change:
        case NewEntry():
            return _OUTCOMES[change.admission]
        case RevisedEntry():
            return "released" if change.is_released else "merged"
        case _:
            return "known"


def _content(filed: Filed, change: EntryChange) -> EntryContent:
    """Return what would be stored; what is stored already of a paper that says nothing more."""
    if isinstance(change, NewEntry | RevisedEntry):
        return change.content
    return filed.stored.content if filed.stored else filed.announcements[0].content


def _published(filed: Filed, change: EntryChange) -> str:
    day = _content(filed, change).published_on
    return day.isoformat() if day else ""
