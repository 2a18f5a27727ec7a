"""The wishes of a person whose message came with a token that was sent to the address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from newsletter.errors import PreferencesError
from newsletter.model import (
    Answer,
    Block,
    Command,
    CommandName,
    DocumentBlock,
    InboundMail,
    Misunderstanding,
    Paragraph,
    Preferences,
    Problem,
    Subscriber,
)
from newsletter.rules.addresses import address_key
from newsletter.rules.answering import (
    ask_what_was_meant,
    explain_commands,
    explain_silence,
    hand_over_data,
    list_topics,
    refuse_edit,
    show_preferences,
    tell_changes,
    tell_pause,
    tell_resume,
    tell_status,
    write_command,
)
from newsletter.rules.replies import Found, NoBlock, Why, find_block
from newsletter.workflows.receive.ports import ReceivePorts
from newsletter.workflows.receive.voting import vote_by_mail

_CHANGING: Final = frozenset(
    {
        CommandName.ADD,
        CommandName.DELETE,
        CommandName.CADENCE,
        CommandName.AT_MOST,
        CommandName.PAUSE,
        CommandName.RESUME,
    }
)
_MOST_QUESTIONS: Final = 4
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(slots=True)
class Outcome:
    """What became of the wishes of one message, and the parts of the one answer to it."""

    person: Subscriber
    applied: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    unread: list[Misunderstanding] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    refusal: Answer | None = None
    refused: list[tuple[int, str]] = field(default_factory=list)
    changed_by: list[Command] = field(default_factory=list)
    is_edit: bool = False
    """The message held an edited document, or one that could not be read."""


def obey(
    person: Subscriber,
    mail: InboundMail,
    wishes: Sequence[Command | Misunderstanding],
    ports: ReceivePorts,
) -> Outcome:
    """Do what a message asks for: first the edited document in it, then its commands, in order.

    Where the document cannot be read, nothing at all is changed. To leave and to be erased are
    for the caller.
    """
    outcome = Outcome(person)
    _take_document(outcome, mail, ports)
    if outcome.refusal is None:
        for wish in wishes:
            _fulfil(outcome, wish, mail, ports)
    return outcome


def answer_to(outcome: Outcome, ports: ReceivePorts) -> Answer | None:
    """Return the one answer; None where the message asked for nothing."""
    if outcome.refusal is not None:
        return outcome.refusal
    told = _told_changes(outcome, ports)
    answers = [*([told] if told else ()), *outcome.answers[:_MOST_QUESTIONS]]
    if not answers:
        return ask_what_was_meant(ports.office, outcome.unread) if outcome.unread else None
    return _merged(answers)


def answer_question(wish: Command, ports: ReceivePorts) -> Answer | None:
    """Return the answer to a question that anybody may ask; None for another wish."""
    match wish.name:
        case CommandName.HELP:
            return explain_commands(ports.office)
        case CommandName.TOPICS:
            return list_topics(ports.office, ports.catalogue, ports.week_counts())
        case _:
            return None


def _take_document(outcome: Outcome, mail: InboundMail, ports: ReceivePorts) -> None:
    person = outcome.person
    sent = ports.desk.text(person)
    found = find_block(mail, sent)
    if isinstance(found, NoBlock):
        if found.why in (Why.CUT, Why.UNCERTAIN):
            line = found.place.number if found.place else 0
            problem = Problem("your mail", line, 0, "", found.doubt)
            _refuse(outcome, (problem,), sent, ports)
        return
    outcome.is_edit = True
    try:
        taken = ports.desk.take(address_key(person.address), found.text)
    except PreferencesError as error:
        taken = (Problem("your mail", 0, 0, "", str(error)),)
    if not isinstance(taken, Preferences):
        _refuse(outcome, tuple(_as_seen(taken, found)), sent, ports)
        return
    outcome.applied.append("set")
    _note(outcome, taken, ports)


def _refuse(
    outcome: Outcome, problems: tuple[Problem, ...], document: str, ports: ReceivePorts
) -> None:
    outcome.is_edit = True
    outcome.refused += [(one.line, one.message) for one in problems]
    outcome.refusal = refuse_edit(ports.office, problems, document)


def _as_seen(problems: Iterable[Problem], found: Found) -> Iterable[Problem]:
    """Yield problems with the lines that the person sees in the mail."""
    for problem in problems:
        seen = found.seen_at(problem.line)
        yield replace(problem, line=seen.number) if seen else problem


def _fulfil(
    outcome: Outcome, wish: Command | Misunderstanding, mail: InboundMail, ports: ReceivePorts
) -> None:
    if isinstance(wish, Misunderstanding):
        outcome.unread.append(wish)
        outcome.refused.append((wish.line, wish.reason))
        return
    if wish.name in _CHANGING:
        _change(outcome, wish, ports)
        return
    answer = _answer(outcome, wish, mail, ports)
    if answer:
        outcome.applied.append(write_command(wish))
        outcome.answers.append(answer)


def _change(outcome: Outcome, wish: Command, ports: ReceivePorts) -> None:
    person = outcome.person
    try:
        text = ports.desk.fulfil(ports.desk.text(person), wish, person)
        taken = ports.desk.take(address_key(person.address), text)
    except PreferencesError as error:
        _misread(outcome, wish, str(error))
        return
    if not isinstance(taken, Preferences):
        first = taken[0]
        _misread(outcome, wish, first.message, first.suggestion)
        return
    outcome.applied.append(write_command(wish))
    outcome.changed_by.append(wish)
    _note(outcome, taken, ports)


def _misread(outcome: Outcome, wish: Command, reason: str, suggestion: str | None = None) -> None:
    outcome.unread.append(Misunderstanding(wish.line, write_command(wish), reason, suggestion))
    outcome.refused.append((wish.line, reason))


def _note(outcome: Outcome, taken: Preferences, ports: ReceivePorts) -> None:
    before = outcome.person.preferences
    if before is not None:
        outcome.changes += ports.desk.differences(before, taken)
    known = ports.subscribing.subscribers.get(outcome.person.id)
    outcome.person = known or replace(outcome.person, preferences=taken)


def _answer(
    outcome: Outcome, wish: Command, mail: InboundMail, ports: ReceivePorts
) -> Answer | None:
    person = outcome.person
    match wish.name:
        case CommandName.SHOW:
            return show_preferences(ports.office, ports.desk.present(person))
        case CommandName.STATUS:
            last = next(iter(ports.ledger.slots(person.id, limit=1)), None)
            votes = [one.vote for one in ports.votes.votes(person.id)]
            return tell_status(ports.office, person, ports.desk.present(person), last, votes)
        case CommandName.WHY:
            day = _day(wish, ports.desk.today(person))
            return explain_silence(ports.office, day, ports.desk.why(person, day))
        case CommandName.EXPORT:
            sections = ports.export(person)
            return hand_over_data(ports.office, sections, ports.desk.text(person))
        case CommandName.LIKE | CommandName.DISLIKE:
            return vote_by_mail(person, wish, mail, ports)
        case _:
            return answer_question(wish, ports)


def _day(wish: Command, today: date) -> date:
    """Return the day that a question is about; without one, yesterday or the day it names before."""
    asked = wish.arguments[0] if wish.arguments else "today"
    if asked in _WEEKDAYS:
        back = (today.weekday() - _WEEKDAYS.index(asked)) % 7
        return today - timedelta(days=back or 7)
    named = {"today": today, "yesterday": today - timedelta(days=1)}
    return named.get(asked) or date.fromisoformat(asked)


def _told_changes(outcome: Outcome, ports: ReceivePorts) -> Answer | None:
    """Return what is told of the changes; None where nothing was to be changed."""
    if not (outcome.changed_by or outcome.is_edit):
        return None
    present = ports.desk.present(outcome.person)
    until = outcome.person.preferences and outcome.person.preferences.pause_until
    if len(outcome.changed_by) == 1 and not (outcome.is_edit or outcome.unread):
        match outcome.changed_by[0].name, until:
            case CommandName.PAUSE, date() as day:
                return tell_pause(ports.office, day, present)
            case CommandName.RESUME, None:
                return tell_resume(ports.office, present)
            case _:
                pass
    return tell_changes(ports.office, outcome.changes, present, outcome.unread)


def _merged(answers: Sequence[Answer]) -> Answer:
    """Return one answer that says what all say; the document to edit stands once, at the end."""
    first, *others = answers
    blocks: list[Block] = list(first.blocks)
    for other in others:
        blocks += [Paragraph(other.headline), *other.blocks]
    documents = [block for block in blocks if isinstance(block, DocumentBlock)]
    kept = dict.fromkeys(block for block in blocks if not isinstance(block, DocumentBlock))
    return replace(first, blocks=(*kept, *documents[-1:]))
