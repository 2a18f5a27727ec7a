"""Editions as JSON."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring_ascii as quoted
from typing import Final

from newsletter.errors import RecordError, StorageError
from newsletter.model import (
    Edition,
    EditionId,
    EmailAddress,
    LetterFormat,
    Match,
    Reader,
    RevisionId,
    Silence,
    SilenceReason,
    Slot,
    SlotKind,
    SubscriberId,
)
from newsletter.rules.short_matches import AskedTopic, read_line
from newsletter.storage.codec.json import Fields, dump, write_moment, write_texts
from newsletter.storage.codec.matches import match_of, read_match, write_match

_MATCHES: Final = '"matches":['
_ALSO_MATCHED: Final = '"also_matched":['
_ENTRY: Final = '{"entry":'
_SLOT: Final = '"slot":{'
_NEXT: Final = f",{_ENTRY}"
_ENDS: Final = {_MATCHES: '],"new_count":', _ALSO_MATCHED: '],"dressing":'}
"""What follows the two lists: the keys stand in the order of their names."""


def write_edition(edition: Edition, write: Callable[[Match], str] = write_match) -> str:
    """Write the decision what a letter holds; `write` says what stands for a match.

    Canonical as all other JSON of ours, put together by hand: it is written for every letter.
    """
    return _write(
        edition, ",".join(map(write, edition.matches)), ",".join(map(write, edition.also_matched))
    )


def write_short_edition(edition: Edition, topics: Sequence[AskedTopic]) -> str:
    """Write an edition of which the matches, which are short, stand elsewhere, in their order.

    The numbers -1, -2 and so on stand for them. What their lines do not say of the topics is said here.
    """
    shown, named = len(edition.matches), len(edition.also_matched)
    asked = ",".join(map(_write_asked, topics))
    return _write(
        edition, _numbers(0, shown), _numbers(shown, shown + named), f'"asked":[{asked}],'
    )


def _write(edition: Edition, matches: str, also_matched: str, asked: str = "") -> str:
    note = edition.note
    said = dump({"detail": note.detail, "reason": note.reason}) if note else "null"
    since = quoted(edition.since.isoformat()) if edition.since else "null"
    return (
        f"{{{_ALSO_MATCHED}{also_matched}],{asked}"
        f'"dressing":{quoted(edition.dressing)},"id":{quoted(edition.id)},'
        f"{_MATCHES}{matches}"
        f'],"new_count":{edition.new_count},"note":{said},'
        f'"planned_at":{_write_moment(edition.planned_at)},'
        f'"reader":{_write_reader(edition.reader)},"since":{since},"slot":{_write_slot(edition.slot)}}}'
    )


def read_edition(text: str) -> Edition:
    """Read what `write_edition` wrote.

    Thousands of people get the same entries for the same reasons in the same slot, and a match is
    as long as all the rest: these are cut out as text and read once.
    """
    whole, also_matched = _cut_out(text, _ALSO_MATCHED)
    whole, matches = _cut_out(whole, _MATCHES)
    whole, slot = _cut_out_slot(whole)
    fields = Fields.load(whole, "edition")
    return _edition_of(
        fields,
        slot,
        matches or tuple(map(match_of, fields.parts("matches"))),
        also_matched or tuple(map(match_of, fields.parts("also_matched"))),
    )


def read_numbered_edition(
    text: str, match_text: Callable[[int], str], entries: Sequence[str] = ()
) -> Edition:
    """Read an edition in which a number stands for each match; `match_text` returns its JSON, or its line.

    `entries` are the texts of those that lines name. Raises RecordError for what cannot be read.
    """
    whole, slot = _cut_out_slot(text)
    fields = Fields.load(whole, "edition")
    topics = fields.maybe("asked", lambda _: _read_asked(fields))
    try:
        matches, also_matched = (
            tuple(
                [
                    read_match(match_text(number))
                    if topics is None
                    else read_line(match_text(number), entries, topics)
                    for number in fields.integers(key)
                ]
            )
            for key in ("matches", "also_matched")
        )
    except (LookupError, ValueError) as error:
        message = "stored edition: a match is not in its pack; the database is damaged"
        raise RecordError(message) from error
    return _edition_of(fields, slot, matches, also_matched)


def _write_asked(topic: AskedTopic) -> str:
    is_usual = topic.weight == 1
    return quoted(topic.name) if is_usual else dump([topic.name, topic.weight])


def _read_asked(fields: Fields) -> tuple[AskedTopic, ...]:
    titles = fields.part("reader").texts("topics")
    return tuple(
        [
            AskedTopic(name, title, weight)
            for (name, weight), title in zip(fields.weighted("asked"), titles, strict=True)
        ]
    )


@lru_cache(maxsize=1_024)
def _numbers(first: int, last: int) -> str:
    return ",".join(str(-1 - place) for place in range(first, last))


def _edition_of(
    fields: Fields, slot: Slot | None, matches: tuple[Match, ...], also_matched: tuple[Match, ...]
) -> Edition:
    return Edition(
        id=EditionId(fields.text("id")),
        reader=_read_reader(fields.part("reader")),
        slot=slot or _read_slot(fields.part("slot")),
        planned_at=fields.moment("planned_at"),
        matches=matches,
        also_matched=also_matched,
        new_count=fields.integer("new_count"),
        since=fields.maybe("since", fields.day),
        dressing=RevisionId(fields.text("dressing")),
        note=fields.maybe("note", lambda key: _read_silence(fields.part(key))),
    )


def _write_reader(reader: Reader) -> str:
    name = "null" if reader.name is None else quoted(reader.name)
    return (
        f'{{"address":{quoted(reader.address)},"format":{quoted(reader.format)},"name":{name},'
        f'"subscriber":{quoted(reader.subscriber)},"topics":{write_texts(reader.topics)}}}'
    )


def _read_reader(fields: Fields) -> Reader:
    return Reader(
        subscriber=SubscriberId(fields.text("subscriber")),
        address=EmailAddress(fields.text("address")),
        name=fields.maybe("name", fields.text),
        format=fields.parsed("format", LetterFormat),
        topics=fields.texts("topics"),
    )


@lru_cache(maxsize=1_024)  # nearly everybody's is the same
def _write_slot(slot: Slot) -> str:
    return dump(
        {
            "local_date": slot.local_date.isoformat(),
            "begins_at": write_moment(slot.begins_at),
            "timezone": slot.timezone,
            "kind": slot.kind,
        }
    )


@lru_cache(maxsize=1_024)
def _write_moment(moment: datetime) -> str:
    return dump(write_moment(moment))


def _read_slot(fields: Fields) -> Slot:
    return Slot(
        local_date=fields.day("local_date"),
        begins_at=fields.moment("begins_at"),
        timezone=fields.text("timezone"),
        kind=fields.parsed("kind", SlotKind),
    )


@lru_cache(maxsize=8_192)
def _read_match(rest: str) -> Match:
    """Read a match from the text that follows its first key."""
    return match_of(Fields.load(f"{_ENTRY}{rest}", "edition.matches"))


def _cut_out(text: str, beginning: str) -> tuple[str, tuple[Match, ...]]:
    """Return the text with an empty list in place of that which begins so, and what was in it.

    Nothing is cut out of a text that is written in another way than ours.
    """
    start = text.find(f"{beginning}{_ENTRY}") + len(beginning)
    end = text.rfind(_ENDS[beginning], start)
    if start < len(beginning) or end < 0:
        return text, ()
    try:
        matches = tuple(map(_read_match, text[start + len(_ENTRY) : end].split(_NEXT)))
    except StorageError:  # a newer program's, or damaged: whoever reads the whole will say
        return text, ()
    return text[:start] + text[end:], matches


@lru_cache(maxsize=1_024)
def _slot_of(text: str) -> Slot:
    return _read_slot(Fields.load(text, "edition.slot"))


def _cut_out_slot(text: str) -> tuple[str, Slot | None]:
    """Return the text without what is in its slot, which comes last, and the slot; None: as above."""
    start = text.rfind(_SLOT) + len(_SLOT)
    if start < len(_SLOT):
        return text, None
    try:
        slot = _slot_of(text[start - 1 : -1])
    except StorageError:
        return text, None
    return f"{text[:start]}}}}}", slot


def _read_silence(fields: Fields) -> Silence:
    return Silence(fields.parsed("reason", SilenceReason), fields.text("detail"))
