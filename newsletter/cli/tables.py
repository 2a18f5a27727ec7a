"""How reports look: Rich tables for people."""

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Final

from rich import box
from rich.console import Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from newsletter.model import OutboxItem, OutboxState, SourceReport, SourceState

_STATE_STYLES: Final = {
    SourceState.FRESH: "green",
    SourceState.UNCHANGED: "dim",
    SourceState.EMPTY: "dim",
    SourceState.STALE: "yellow",
    SourceState.DEGRADED: "yellow",
    SourceState.FAILED: "bold red",
    OutboxState.SENT: "green",
    OutboxState.FAILED: "bold red",
    OutboxState.UNCERTAIN: "bold yellow",
    OutboxState.DEFERRED: "yellow",
    OutboxState.CANCELLED: "dim",
}


def state_text(state: SourceState | OutboxState) -> Text:
    """Return a state in its colour; the word alone says it too."""
    return Text(str(state), style=_STATE_STYLES.get(state, ""))


def quiet_table(title: str) -> Table:
    """Return an empty table in the look of all our tables; the title is shown as it is."""
    return Table(
        title=escape(title),
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )


def plain_table(
    title: str,
    headings: Iterable[str],
    rows: Iterable[Sequence[str]],
    unfolded: Container[str] = (),
) -> Table:
    """Return a quiet table; cells are shown as they are, never read as markup.

    Columns under the headings `unfolded` keep their words whole: a person copies them.
    """
    table = quiet_table(title)
    for heading in headings:
        table.add_column(heading, overflow="fold", no_wrap=heading in unfolded)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def source_table(reports: Iterable[SourceReport]) -> Group:
    """Return one line per source, and below them what there is to say of some.

    Problems name addresses: in a column of their own each would fold into a dozen lines.
    """
    lines = list(reports)
    table = quiet_table("Sources")
    for heading in ("Source", "State"):
        table.add_column(heading)
    rare = [name for name in ("held", "passed") if any(getattr(one, name) for one in lines)]
    counts = ("fetched", "new", *rare, "merged", "revised")
    for heading in (*counts, "seconds"):
        table.add_column(heading.capitalize(), justify="right")
    for report in lines:
        table.add_row(
            Text(f"{report.name} ({report.kind})"),
            state_text(report.state),
            *(str(getattr(report, name)) for name in counts),
            f"{report.duration.total_seconds():.2f}",
        )
    return Group(table, *remarks(lines))


def remarks(reports: Iterable[SourceReport]) -> Iterator[Text]:
    """Yield what there is to say of each source, each on a line of its own, whole."""
    for report in reports:
        for line in report_text(report).splitlines():
            yield Text(f"{report.name}: {line}", overflow="fold")


def report_text(report: SourceReport) -> str:
    """Return the note and the problems of a pull, each on a line."""
    said = [text for text in (report.note, *report.problems[:5]) if text]
    return "\n".join(said) + _more(len(report.problems) - 5)


def delivery_table(items: Iterable[OutboxItem]) -> Table:
    """Return one line per message of the outbox."""
    table = quiet_table("Deliveries")
    for heading in ("Id", "Subscriber", "Slot", "State", "Tries", "Last answer"):
        table.add_column(heading, overflow="fold")
    for item in items:
        table.add_row(
            str(item.id),
            Text(item.recipient),
            str(item.slot or item.kind),
            state_text(item.state),
            str(item.attempts),
            Text(item.last_reply),
        )
    return table


def _more(count: int) -> str:
    return f"\n… and {count} more" if count > 0 else ""
