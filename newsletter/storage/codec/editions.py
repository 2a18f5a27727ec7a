"""Editions as JSON."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring_ascii as quoted
from typing import Final

from newsletter.errors import RecordError, StorageError
from newsletter.model import (
    Edition,
    EditionId,
    EmailAddress,
    EntryId,
    LetterFormat,
    Match,
    Reader,
    Reason,
    ReasonKind,
    RevisionId,
    ScoreTerm,
    Silence,
    SilenceReason,
    Slot,
    SlotKind,
    SourceName,
    SubscriberId,
    Sureness,
)
from newsletter.rules.recent import Recent
from newsletter.storage.codec.json import Fields, Json, dump, write_moment

_MATCHES: Final = '"matches":['
_ALSO_MATCHED: Final = '"also_matched":['
_WRITTEN: Final[Recent[int, tuple[Match, str]]] = Recent(8_192)
_ENTRY: Final = '{"entry":'
_SLOT: Final = '"slot":{'
_NEXT: Final = f",{_ENTRY}"
_ENDS: Final = {_MATCHES: '],"new_count":', _ALSO_MATCHED: '],"dressing":'}
"""What follows the two lists: the keys stand in the order of their names."""


def write_match(match: Match) -> str:
    """Write a match, which thousands of editions of one run have in common, as one object."""
    known = _WRITTEN.get(id(match))
    if known is None or known[0] is not match:
        known = _WRITTEN.keep(id(match), (match, dump(_match_json(match))))
    return known[1]


def write_edition(edition: Edition, write: Callable[[Match], str] = write_match) -> str:
    """Write the decision what a letter holds; `write` says what stands for a match.

    Canonical as all other JSON of ours, put together by hand: it is written for every letter.
    """
    note = edition.note
    said = dump({"detail": note.detail, "reason": note.reason}) if note else "null"
    since = quoted(edition.since.isoformat()) if edition.since else "null"
    return (
        f"{{{_ALSO_MATCHED}{','.join(map(write, edition.also_matched))}"
        f'],"dressing":{quoted(edition.dressing)},"id":{quoted(edition.id)},'
        f"{_MATCHES}{','.join(map(write, edition.matches))}"
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
        matches or tuple(map(_match_of, fields.parts("matches"))),
        also_matched or tuple(map(_match_of, fields.parts("also_matched"))),
    )


def read_numbered_edition(text: str, match_text: Callable[[int], str]) -> Edition:
    """Read an edition in which a number stands for each match; `match_text` returns its JSON.

    Raises RecordError where that raises IndexError.
    """
    whole, slot = _cut_out_slot(text)
    fields = Fields.load(whole, "edition")
    try:
        matches, also_matched = (
            tuple([read_match(match_text(number)) for number in fields.integers(key)])
            for key in ("matches", "also_matched")
        )
    except IndexError as error:
        message = "stored edition: a match is not in its pack; the database is damaged"
        raise RecordError(message) from error
    return _edition_of(fields, slot, matches, also_matched)


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
        f'"subscriber":{quoted(reader.subscriber)},"topics":{_write_texts(reader.topics)}}}'
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


@lru_cache(maxsize=1_024)
def _write_texts(texts: tuple[str, ...]) -> str:
    return dump(texts)


def _read_slot(fields: Fields) -> Slot:
    return Slot(
        local_date=fields.day("local_date"),
        begins_at=fields.moment("begins_at"),
        timezone=fields.text("timezone"),
        kind=fields.parsed("kind", SlotKind),
    )


def _match_json(match: Match) -> Json:
    return {
        "entry": match.entry,
        "revision": match.revision,
        "score": match.score,
        "reasons": [_reason_json(reason) for reason in match.reasons],
        "terms": [{"name": term.name, "value": term.value} for term in match.terms],
        "topics": match.topics,
        "sources": match.sources,
    }


@lru_cache(maxsize=8_192)
def _read_match(rest: str) -> Match:
    """Read a match from the text that follows its first key."""
    return _match_of(Fields.load(f"{_ENTRY}{rest}", "edition.matches"))


@lru_cache(maxsize=8_192)
def read_match(text: str) -> Match:
    """Read what `write_match` wrote."""
    return _match_of(Fields.load(text, "edition.matches"))


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


def _match_of(fields: Fields) -> Match:
    return Match(
        entry=EntryId(fields.text("entry")),
        revision=RevisionId(fields.text("revision")),
        score=fields.number("score"),
        reasons=tuple(_read_reason(reason) for reason in fields.parts("reasons")),
        terms=tuple(
            ScoreTerm(term.text("name"), term.number("value")) for term in fields.parts("terms")
        ),
        topics=fields.texts("topics"),
        sources=tuple(SourceName(name) for name in fields.texts("sources")),
    )


def _reason_json(reason: Reason) -> Json:
    return {
        "kind": reason.kind,
        "subject": reason.subject,
        "words": reason.words,
        "by_meaning": reason.by_meaning,
        **({"sureness": reason.sureness} if reason.sureness else {}),
    }


def _read_reason(fields: Fields) -> Reason:
    return Reason(
        kind=fields.parsed("kind", ReasonKind),
        subject=fields.text("subject"),
        words=fields.texts("words"),
        by_meaning=fields.flag("by_meaning"),
        sureness=fields.maybe("sureness", lambda key: fields.parsed(key, Sureness)),
    )


def _read_silence(fields: Fields) -> Silence:
    return Silence(fields.parsed("reason", SilenceReason), fields.text("detail"))
