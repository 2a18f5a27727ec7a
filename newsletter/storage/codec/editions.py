"""Editions as JSON."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
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
from newsletter.rules.short_matches import AskedTopic, ShortMatches, read_line
from newsletter.storage.codec.json import Fields, dump, write_day, write_moment, write_texts
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


def write_short_edition(edition: Edition, shown: ShortMatches, named: ShortMatches) -> str:
    """Write an edition of which the matches stand elsewhere, those it shows and those it names.

    The numbers -1, -2 and so on stand for them. What their lines do not say of the topics is said here.
    """
    first, last = len(shown.lines), len(shown.lines) + len(named.lines)
    asked = ",".join(
        [
            quoted(topic.name) if topic.weight == 1 else dump([topic.name, topic.weight])
            for topic in shown.topics
        ]
    )
    return _write(edition, _numbers(0, first), _numbers(first, last), f'"asked":[{asked}],')


def _write(edition: Edition, matches: str, also_matched: str, asked: str = "") -> str:
    reader = edition.reader
    name = "null" if reader.name is None else quoted(reader.name)
    middle, end = _write_common(
        edition.new_count, edition.note, edition.planned_at, edition.since, edition.slot
    )
    return (
        f'{{{_ALSO_MATCHED}{also_matched}],{asked}"dressing":{quoted(edition.dressing)},'
        f'"id":{quoted(edition.id)},{_MATCHES}{matches}{middle}'
        f'"reader":{{"address":{quoted(reader.address)},"format":{quoted(reader.format)},"name":{name},'
        f'"subscriber":{quoted(reader.subscriber)},"topics":{write_texts(reader.topics)}}}{end}'
    )


@lru_cache(maxsize=1_024)  # nearly everybody's is the same
def _write_common(
    new_count: int, note: Silence | None, planned_at: datetime, since: date | None, slot: Slot
) -> tuple[str, str]:
    """Return what stands before and behind the reader."""
    note_json = {"detail": note.detail, "reason": note.reason} if note else None
    slot_json = {
        "local_date": slot.local_date.isoformat(),
        "begins_at": write_moment(slot.begins_at),
        "timezone": slot.timezone,
        "kind": slot.kind,
    }
    moment = dump(write_moment(planned_at))
    return (
        f'],"new_count":{new_count},"note":{dump(note_json)},"planned_at":{moment},',
        f',"since":{dump(write_day(since))},"slot":{dump(slot_json)}}}',
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


def _read_asked(fields: Fields) -> tuple[AskedTopic, ...]:
    titles = fields.part("reader").texts("topics")
    asked = tuple(fields.weighted("asked"))
    if len(asked) != len(titles):
        message = "stored edition: asked goes not with its topics; the database is damaged"
        raise RecordError(message)
    pairs = zip(asked, titles, strict=True)
    return tuple([AskedTopic(name, title, weight) for (name, weight), title in pairs])


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


def _read_reader(fields: Fields) -> Reader:
    return Reader(
        subscriber=SubscriberId(fields.text("subscriber")),
        address=EmailAddress(fields.text("address")),
        name=fields.maybe("name", fields.text),
        format=fields.parsed("format", LetterFormat),
        topics=fields.texts("topics"),
    )


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
