"""How preferences, their changes and their next letters look on the command line."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from newsletter.bootstrap import Account
from newsletter.cli.session import JsonValue
from newsletter.errors import PreferencesError
from newsletter.model import Preferences, Slot, SubscriptionState, Topic
from newsletter.ports import DocumentSource
from newsletter.preferences import Difference, Lines, lay_out, read_value, show

_COMMENT_COLUMN: Final = 34
_SECTIONS: Final = frozenset({"send", "follow", "entries"})


def marked(preferences: Preferences, written: DocumentSource | None) -> str:
    """Return the document with every default; a comment marks what it does not say itself."""
    text = show(preferences)
    defaults = set(unwritten(preferences, written))
    lines = Lines(text)
    root = lay_out(text)
    places = {}
    for name, part in zip(root.names, root.parts, strict=True) if root else ():
        places[name] = part.head
        if name in _SECTIONS:
            inner = zip(part.names, part.parts, strict=True)
            places |= {f"{name}.{key}": one.head for key, one in inner}
    marks = {lines.start(places[key]) for key in defaults if key in places}
    return "".join(
        f"{line:<{_COMMENT_COLUMN}} # default\n" if start in marks else f"{line}\n"
        for start, line in zip(lines.starts, text.splitlines(), strict=False)
    )


def unwritten(preferences: Preferences, written: DocumentSource | None) -> Iterator[str]:
    """Yield the keys whose values are defaults; of a section each key, not the section."""
    try:
        said = read_value(written.text) if written else None
    except PreferencesError:  # a broken document: what is in force is told, not where it is from
        return
    known = said if isinstance(said, dict) else {}
    shown = read_value(show(preferences))
    for key, value in shown.items() if isinstance(shown, dict) else ():
        if key in _SECTIONS and isinstance(value, dict):
            section = known.get(key)
            inner = section if isinstance(section, dict) else {}
            # A rhythm of one's own brings its day along.
            told = {name for name, one in inner.items() if one is not None}
            told |= {"day"} if "every" in told else set()
            yield from (f"{key}.{name}" for name in value if name not in told)
        elif known.get(key) is None and value is not None:
            yield key


def slot_text(slot: Slot) -> str:
    """Write `Mon 2026-11-23 08:00 Europe/Paris (07:00 UTC)`."""
    local = slot.begins_at.astimezone(ZoneInfo(slot.timezone))
    utc = f"{slot.begins_at:%H:%M} UTC"
    if local.date() != slot.begins_at.date():
        utc = f"{slot.begins_at:%a %Y-%m-%d} {utc}"
    here = f"{local:%a %Y-%m-%d %H:%M} {slot.timezone}"
    return here if slot.timezone == "UTC" else f"{here} ({utc})"


def slot_records(slots: Iterable[Slot]) -> list[JsonValue]:
    """Return slots with their local and their UTC moment."""
    return [_slot_record(slot) for slot in slots]


def _slot_record(slot: Slot) -> JsonValue:
    local = slot.begins_at.astimezone(ZoneInfo(slot.timezone))
    return {
        "slot": str(slot),
        "weekday": f"{local:%a}".lower(),
        "local": local.isoformat(),
        "timezone": slot.timezone,
        "begins_at": slot.begins_at.isoformat(),
    }


def topic_records(topics: Iterable[Topic]) -> list[JsonValue]:
    """Return topics with all that they say."""
    return [
        {
            "name": one.name,
            "title": one.title,
            "query": one.query,
            "about": one.about,
            "weight": one.weight,
        }
        for one in topics
    ]


def next_letters(account: Account, slots: Sequence[Slot]) -> str:
    """Return the next slots, or why there are none."""
    if slots:
        until = account.preferences.pause_until if account.preferences else None
        pause = f" (paused until {until})" if until and slots[0].local_date >= until else ""
        lines = "\n".join(f"  {slot_text(slot)}" for slot in slots)
        return f"Next letters{pause}:\n{lines}"
    return f"Next letters: none; {_reason(account)}."


def _reason(account: Account) -> str:
    person = account.person
    if person is None:
        return "the next `send` or `serve` takes this person over, who is then asked to confirm"
    match person.state:
        case SubscriptionState.PENDING:
            return "the subscription is not confirmed yet"
        case SubscriptionState.UNSUBSCRIBED:
            return "unsubscribed, and only the person can come back"
        case SubscriptionState.CONFIRMED if person.suppression:
            return f"the address is not mailed ({person.suppression.cause})"
        case SubscriptionState.CONFIRMED:
            return "there is no document"


def changes_text(
    changes: Sequence[Difference], before: Sequence[Slot], after: Sequence[Slot]
) -> str:
    """Return every change on a line, and what it means for the next letter."""
    lines = [str(one) for one in changes] or ["Nothing changes."]
    if after:
        moved = f", not {slot_text(before[0])}" if before and before[0] != after[0] else ""
        lines.append(f"Next letter: {slot_text(after[0])}{moved}")
    return "\n".join(lines)
