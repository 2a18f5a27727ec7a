"""The work of `newsletter send`: plan and deliver all that is due, then say who got what and why."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import typer
from rich.table import Table
from rich.text import Text

from newsletter.bootstrap import Newsroom, missing_folder, open_newsroom, open_relay
from newsletter.cli.delivering import Delivery
from newsletter.cli.planning import Planning
from newsletter.cli.progress import show_count, show_progress
from newsletter.cli.records import edition_record
from newsletter.cli.session import JsonValue, Session, read_moment
from newsletter.cli.stopping import politely_stopped
from newsletter.cli.tables import plain_table, quiet_table, state_text
from newsletter.cli.tallying import Tally
from newsletter.errors import ExitCode
from newsletter.model import (
    WAITING,
    Edition,
    EditionId,
    EntryContent,
    OutboxItem,
    OutboxState,
    Problem,
    RevisionId,
    Silence,
    SourceState,
    Subscriber,
)
from newsletter.rules.planning import Schedule
from newsletter.transports import MailDns, run
from newsletter.workflows import (
    Delivered,
    adopt_documents,
    as_documented,
    find_subscriber,
    plan_batch,
    print_letter,
)


@dataclass(frozen=True, slots=True)
class SendReport:
    """What one `send` did. `items` has the outbox's word on each edition; none in a dry run.

    After very many letters the details are left out (`is_long`): only `states` and `skipped` tell.
    """

    editions: tuple[Edition, ...]
    items: dict[EditionId, OutboxItem]
    silences: tuple[tuple[Subscriber, Silence], ...]
    problems: tuple[Problem, ...]
    contents: Mapping[RevisionId, EntryContent]
    has_failed_source: bool
    lacks_folder: bool
    planned: int
    states: Mapping[OutboxState, int]
    skipped: Mapping[str, int]
    is_long: bool = False
    is_whole: bool = True
    """False: it was told to end before all was planned."""

    def count(self, states: Iterable[OutboxState]) -> int:
        """Return how many of the letters of this run stand in one of `states`."""
        return sum(self.states.get(state, 0) for state in frozenset(states))

    def exit_code(self) -> ExitCode:
        """Return the code that tells the caller what to look at, the gravest first."""
        if self.count([OutboxState.FAILED]):
            return ExitCode.SOFTWARE
        unsure = self.count([*WAITING, OutboxState.UNCERTAIN])
        if unsure or self.has_failed_source or not self.is_whole:
            return ExitCode.TEMPORARY
        if self.lacks_folder:
            return ExitCode.CONFIG
        return ExitCode.DATA if self.problems else ExitCode.OK


@dataclass(frozen=True, slots=True)
class SendWish:
    """The options of one `send`, as written."""

    now: str | None
    subscriber: str | None
    dry_run: Path | None
    ignores_schedule: bool


def run_send(session: Session, wish: SendWish) -> None:
    """Plan and deliver all that is due, show it, and exit with the code that names the gravest."""
    schedule = Schedule.IGNORE if wish.ignores_schedule else Schedule.KEEP
    with open_newsroom(session.config_path, now=read_moment(wish.now)) as room:
        if wish.dry_run:
            report = _rehearse(room, wish, schedule, wish.dry_run)
        else:
            problems = adopt_documents(room.subscribing()).problems
            report = _send(session, room, wish, schedule, problems)
        _show(session, room, report, wish.dry_run)
    raise typer.Exit(report.exit_code())


def _send(
    session: Session,
    room: Newsroom,
    wish: SendWish,
    schedule: Schedule,
    problems: tuple[Problem, ...],
) -> SendReport:
    only = find_subscriber(wish.subscriber, room.subscribers).id if wish.subscriber else None
    now = read_moment(wish.now)
    tally = Tally()
    with politely_stopped() as stopped:
        with show_count(session, "Planning") as tell_count:
            planning = Planning(room, tally, tell_count, stopped.is_set)
            if only:
                is_whole = planning.plan(_people(room, wish), 1, schedule)
            else:
                is_whole = planning.run(schedule, now)
        waiting = len(room.outbox.find(states=WAITING, subscriber=only)) if only else _waiting(room)
        tally.expect(waiting)
        with open_relay(room, MailDns()) as transport, show_progress(session, waiting) as tell:

            def note(outcome: Delivered) -> None:
                tell(outcome)
                tally.hear_of_end(outcome)

            delivery = Delivery(room, transport, now=now, subscriber=only)
            run(delivery.run(note, stopped.is_set))
    if tally.is_long:
        return replace(_long_report(room, tally, problems), is_whole=is_whole)
    unsure = WAITING | {OutboxState.UNCERTAIN}
    still = room.outbox.find(states=unsure, subscriber=only, limit=None)
    touched = tally.editions | {item.edition for item in still if item.edition}
    items = {
        item.edition: item
        for item in room.outbox.find(editions=touched, limit=None)
        if item.edition
    }
    editions = list(room.ledger.editions(touched).values())
    written_to = {edition.reader.subscriber for edition in editions}
    silences = tuple(
        (person, silence) for person, silence in tally.silences if person.id not in written_to
    )
    return replace(_report(room, editions, items, silences, problems), is_whole=is_whole)


def _waiting(room: Newsroom) -> int:
    counts = room.count_open()
    return sum(counts[state] for state in WAITING)


def _people(room: Newsroom, wish: SendWish) -> Iterable[Subscriber]:
    if wish.subscriber:
        return [find_subscriber(wish.subscriber, room.subscribers)]
    return room.subscribers.all()


def _rehearse(room: Newsroom, wish: SendWish, schedule: Schedule, folder: Path) -> SendReport:
    """Decide and print as the documents say now, and write nothing into the database."""
    now = room.clock.now()
    reading = room.preferences.read()
    people = [as_documented(person, reading, now=now) for person in _people(room, wish)]
    plans, silences = plan_batch(people, room.order(schedule), room.publishing(), now=now)
    folder.mkdir(parents=True, exist_ok=True)
    editions = [plan.edition for plan in plans if plan.edition]
    for edition in editions:
        letter = print_letter(edition, room.press)
        (folder / f"{edition.reader.address}.eml").write_bytes(letter.envelope.message)
    return _report(room, editions, {}, tuple(silences), reading.problems)


def _report(
    room: Newsroom,
    editions: list[Edition],
    items: dict[EditionId, OutboxItem],
    silences: tuple[tuple[Subscriber, Silence], ...],
    problems: tuple[Problem, ...],
) -> SendReport:
    revisions = [match.revision for edition in editions for match in edition.matches]
    return SendReport(
        editions=tuple(sorted(editions, key=lambda one: one.reader.address)),
        items=items,
        silences=silences,
        problems=problems,
        contents=room.entries.contents(revisions),
        planned=len(editions),
        states=Counter(item.state for item in items.values()),
        skipped=Counter(str(silence.reason) for _, silence in silences),
        has_failed_source=any(
            report.state is SourceState.FAILED for report in room.log.last().values()
        ),
        lacks_folder=missing_folder(room.config, room.config_path) is not None,
    )


def _long_report(room: Newsroom, tally: Tally, problems: tuple[Problem, ...]) -> SendReport:
    """Return the counts: what ended in this run, and all that waits or is uncertain now."""
    uncertain = room.count_open()[OutboxState.UNCERTAIN]
    states = tally.ended | {OutboxState.QUEUED: _waiting(room), OutboxState.UNCERTAIN: uncertain}
    brief = _report(room, [], {}, (), problems)
    return replace(brief, planned=tally.planned, states=states, skipped=tally.skipped, is_long=True)


def _show(session: Session, room: Newsroom, report: SendReport, folder: Path | None) -> None:
    for problem in report.problems:
        session.notice(str(problem))
    if session.wants_json:
        session.write_json(_record(report))
        return
    if report.editions:
        session.say(_letters(report))
    if report.silences:
        rows = [
            (person.address, str(silence.reason), silence.detail)
            for person, silence in report.silences
        ]
        session.say(plain_table("Nobody wrote to", ("Subscriber", "Reason", "In words"), rows))
    if report.is_long:
        session.say(
            "So many letters are not listed: `newsletter deliveries` shows them by state, "
            "`newsletter why ADDRESS` what became of one."
        )
    elif report.is_whole and not (report.editions or report.silences):
        session.say(
            "There are no subscribers yet: put a document into the subscribers folder and vouch for it with\n"
            "`newsletter subscribers import PATH --consent TEXT`."
        )
    session.say(_summary(report, folder))
    if not report.is_whole:
        session.say(
            "It was told to end before all was planned: the next `newsletter send` goes on."
        )
    if room.received and report.editions and not folder:
        session.say(f"Read the letters in a browser: {room.received / 'index.html'}")


def _letters(report: SendReport) -> Table:
    table = quiet_table("Letters")
    table.add_column("Subscriber", overflow="fold", max_width=24)
    table.add_column("Entry", overflow="fold", ratio=3)
    table.add_column("Why it is there", overflow="fold", ratio=2)
    for edition in report.editions:
        item = report.items.get(edition.id)
        state = state_text(item.state) if item else Text("not sent", style="dim")
        who = Text.assemble(edition.reader.address, "\n", state)
        for match in edition.matches or ():
            reasons = "; ".join(str(reason) for reason in match.reasons)
            title = report.contents[match.revision].title
            table.add_row(who, Text(title), Text(reasons))
            who = Text("")
        if item and item.state is not OutboxState.SENT:
            table.add_row(who, Text(item.last_reply, style="yellow"), "")
        table.add_section()
    return table


def _summary(report: SendReport, folder: Path | None) -> str:
    if folder:
        return f"{_letters_counted(len(report.editions))} written to {folder}; nothing was recorded or sent."
    words = {
        "sent": [OutboxState.SENT],
        "failed": [OutboxState.FAILED],
        "waiting": WAITING,
        "uncertain": [OutboxState.UNCERTAIN],
        "cancelled": [OutboxState.CANCELLED],
    }
    counts = [f"{report.count(states):,} {word}" for word, states in words.items()]
    shown = ", ".join(text for text in counts if not text.startswith("0 ")) or "nothing to send"
    silent = sum(report.skipped.values())
    return f"{_letters_counted(report.planned)}: {shown}. {silent:,} without a letter."


def _letters_counted(count: int) -> str:
    return "1 letter" if count == 1 else f"{count:,} letters"


def _record(report: SendReport) -> JsonValue:
    return {
        "planned": report.planned,
        "sent": report.count([OutboxState.SENT]),
        "failed": report.count([OutboxState.FAILED]),
        "waiting": report.count(WAITING),
        "uncertain": report.count([OutboxState.UNCERTAIN]),
        "cancelled": report.count([OutboxState.CANCELLED]),
        "skipped": dict(report.skipped),
        "interrupted": not report.is_whole,
        "editions": None
        if report.is_long
        else [
            edition_record(edition, report.items.get(edition.id), report.contents)
            for edition in report.editions
        ],
    }
