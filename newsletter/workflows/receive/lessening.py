"""Less than leaving, with the token of a letter: a pause, one topic less, one letter a week."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from newsletter.errors import PreferencesError
from newsletter.model import (
    Command,
    CommandName,
    Edition,
    Preferences,
    ReplyKind,
    Subscriber,
    SubscriptionState,
    Weekday,
)
from newsletter.rules.addresses import address_key, daily_notice
from newsletter.rules.answering import notice_less, tell_less
from newsletter.rules.narrowing import brings_less, can_go_weekly, droppable_topics
from newsletter.workflows.receive.leaving import edition_of, reader_of, zone_of
from newsletter.workflows.receive.ports import ReceivePorts
from newsletter.workflows.receive.posting import link_to, post
from newsletter.workflows.receive.undoing import ticket_back

WEEKLY: Final = Command(CommandName.CADENCE, ("every", "week"))
_LONGEST_PAUSE: Final = timedelta(days=366)
_ALLOWED: Final = frozenset({CommandName.PAUSE, CommandName.DELETE, CommandName.CADENCE})
_NOT_LESS: Final = "That would not bring you less, and a letter can do nothing else."
_NOT_OF_LETTER: Final = "This letter has no such topic of yours."
_TOO_LONG: Final = "A pause lasts a year at most. To stop for good, unsubscribe."
_CHANGED_MEANWHILE: Final = (
    "Your preferences were changed at the same moment. Please try once more."
)
_UNREADABLE: Final = "Your preferences have a mistake, so they cannot be changed here."


@dataclass(frozen=True, slots=True)
class LessChoices:
    """What the reader of a letter can do with less. `topics` are names and titles of that letter.

    Where letters do not come (any more), `are_over`, there is nothing to choose.
    """

    topics: tuple[tuple[str, str], ...] = ()
    can_go_weekly: bool = False
    paused_until: date | None = None
    are_over: bool = False


@dataclass(frozen=True, slots=True)
class Lessened:
    """What was changed, in sentences, and the token that takes it back; nothing where it was so before.

    `refusal` says why nothing was done; empty where it was.
    """

    changes: tuple[str, ...] = ()
    undo: str | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class _Change:
    """A document as it stood and as it is to be, and what either says."""

    before: str
    after: str
    old: Preferences
    new: Preferences


def less_of(token: str, ports: ReceivePorts) -> LessChoices | None:
    """Return what can be chosen beside leaving; None for a token that is not ours. Changes nothing.

    It tells nothing that the letter does not: of the topics only those that stand in it.
    """
    edition = edition_of(token, ports)
    found = reader_of(edition, ports) if edition else None
    if found is None:
        return None
    person, letter = found
    if person.state is not SubscriptionState.CONFIRMED or person.preferences is None:
        return LessChoices(are_over=True)
    until = person.preferences.pause_until
    return LessChoices(
        _topics(person.preferences, letter),
        can_go_weekly(person.preferences.cadence),
        until if until and until > ports.desk.today(person) else None,
    )


def lessen(token: str, wish: Command, ports: ReceivePorts) -> Lessened | None:
    """Do what a press on the page of a letter asks for, at once; None for a token that is not ours.

    The letter may have been forwarded: its token can bring less and never more, and the subscriber is
    told, once a day, with the way back.
    """
    edition = edition_of(token, ports)
    found = reader_of(edition, ports) if edition else None
    if found is None:
        return None
    person, letter = found
    if person.state is not SubscriptionState.CONFIRMED or person.preferences is None:
        return Lessened(refusal="No letters go to you at the moment.")
    refusal = _refusal(wish, person.preferences, letter)
    change = refusal or _planned(person, _with_day(wish, letter), ports)
    if isinstance(change, str):
        return Lessened(refusal=change)
    if change.before == change.after:
        return Lessened()
    return _carry_out(person, change, ports)


def _topics(preferences: Preferences, letter: Edition) -> tuple[tuple[str, str], ...]:
    shown = (*letter.matches, *letter.also_matched)
    matched = {name for match in shown for name in match.topics}
    return tuple(
        (one.name, one.title) for one in droppable_topics(preferences) if one.name in matched
    )


def _refusal(wish: Command, preferences: Preferences, letter: Edition) -> str:
    if wish.name not in _ALLOWED:
        return _NOT_LESS
    if wish.name is CommandName.DELETE:
        names = {name for name, _ in _topics(preferences, letter)}
        return "" if names.issuperset(wish.arguments) else _NOT_OF_LETTER
    return ""


def _with_day(wish: Command, letter: Edition) -> Command:
    """Return the wish for one letter a week with a day: that of the letter."""
    if wish != WEEKLY:
        return wish
    day = Weekday(letter.slot.local_date.weekday()).name.lower()
    return Command(wish.name, (*wish.arguments, "day", day))


def _planned(person: Subscriber, wish: Command, ports: ReceivePorts) -> _Change | str:
    """Return the change that a wish makes, or why it cannot be made."""
    key = address_key(person.address)
    before = ports.desk.text(person)
    try:
        after = ports.desk.fulfil(before, wish, person)
    except PreferencesError as error:
        return str(error)
    old, new = ports.desk.check(key, before), ports.desk.check(key, after)
    if not (isinstance(old, Preferences) and isinstance(new, Preferences)):
        return _UNREADABLE
    if not brings_less(old, new):
        return _NOT_LESS
    if new.pause_until and new.pause_until > ports.desk.today(person) + _LONGEST_PAUSE:
        return _TOO_LONG
    return _Change(before, after, old, new)


def _carry_out(person: Subscriber, change: _Change, ports: ReceivePorts) -> Lessened:
    ticket = ticket_back(person, change.before, change.after, ports)
    ports.post.correspondence.give([ticket.key])  # good for nothing before the change
    try:
        taken = ports.desk.take(address_key(person.address), change.after)
    except PreferencesError:
        return Lessened(refusal=_CHANGED_MEANWHILE)
    if not isinstance(taken, Preferences):
        return Lessened(refusal=_UNREADABLE)
    changes = tell_less(change.old, change.new)
    _tell(person, change, changes, ports)
    return Lessened(changes, ticket.text)


def _tell(
    person: Subscriber, change: _Change, changes: tuple[str, ...], ports: ReceivePorts
) -> None:
    """Tell the subscriber by mail, unless that was done today: its name is that of the day."""
    name = daily_notice(person.id, ports.post.clock.now().date(), ports.post.secrets)
    if ports.post.correspondence.posted_as(name):
        return
    ticket = ticket_back(person, change.before, change.after, ports)
    notice = notice_less(
        ports.office,
        changes,
        link_to(ticket, ports.post.head),
        ends_at=ticket.key.ends_at,
        timezone=zone_of(person),
    )
    named = replace(ports.post, new_token=lambda: name)
    post(notice, ReplyKind.NOTICE, person, named, ticket=ticket)
