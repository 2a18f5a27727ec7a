"""Editions and their dressings as JSON."""

from functools import lru_cache
from typing import Final

from newsletter.errors import StorageError
from newsletter.model import (
    Dressing,
    Edition,
    EditionId,
    EmailAddress,
    EntryId,
    LetterFormat,
    Letterhead,
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
)
from newsletter.rules.recent import Recent
from newsletter.storage.codec.json import Fields, Json, dump, write_day, write_moment

_MATCHES: Final = '"matches":['
_ALSO_MATCHED: Final = '"also_matched":['
_WRITTEN: Final[Recent[int, tuple[Match, str]]] = Recent(8_192)
_ENTRY: Final = '{"entry":'
_ENDS: Final = {_MATCHES: '],"new_count":', _ALSO_MATCHED: '],"dressing":'}
"""What follows the two lists: the keys stand in the order of their names."""


def write_edition(edition: Edition) -> str:
    """Write the decision what a letter holds."""
    note = edition.note
    whole = dump(
        {
            "id": edition.id,
            "reader": _reader_json(edition.reader),
            "slot": _slot_json(edition.slot),
            "planned_at": write_moment(edition.planned_at),
            "matches": (),
            "also_matched": (),
            "new_count": edition.new_count,
            "since": write_day(edition.since),
            "dressing": edition.dressing,
            "note": {"reason": note.reason, "detail": note.detail} if note else None,
        }
    )
    # A quotation mark inside a text is escaped: these words stand in one place alone.
    for empty, matches in ((_MATCHES, edition.matches), (_ALSO_MATCHED, edition.also_matched)):
        filled = f"{empty}{','.join(map(_write_match, matches))}"
        whole = whole.replace(empty, filled, 1)
    return whole


def read_edition(text: str) -> Edition:
    """Read what `write_edition` wrote.

    Thousands of people get the same entries for the same reasons, and each match is as long as
    all the rest: it is cut out as text and read once.
    """
    whole, matches = _cut_out(text, _MATCHES)
    whole, also_matched = _cut_out(whole, _ALSO_MATCHED)
    fields = Fields.load(whole, "edition")
    return Edition(
        id=EditionId(fields.text("id")),
        reader=_read_reader(fields.part("reader")),
        slot=_read_slot(fields.part("slot")),
        planned_at=fields.moment("planned_at"),
        matches=matches or tuple(map(_match_of, fields.parts("matches"))),
        also_matched=also_matched or tuple(map(_match_of, fields.parts("also_matched"))),
        new_count=fields.integer("new_count"),
        since=fields.maybe("since", fields.day),
        dressing=RevisionId(fields.text("dressing")),
        note=fields.maybe("note", lambda key: _read_silence(fields.part(key))),
    )


def write_dressing(dressing: Dressing) -> str:
    """Write a set of templates with its letterhead."""
    head = dressing.letterhead
    return dump(
        {
            "letterhead": {
                "name": head.name,
                "url": head.url,
                "domain": head.domain,
                "from_address": head.from_address,
                "from_name": head.from_name,
                "postal_address": head.postal_address,
                "owner": head.owner,
            },
            "templates": dressing.templates,
        }
    )


def read_dressing(text: str) -> Dressing:
    """Read what `write_dressing` wrote."""
    fields = Fields.load(text, "dressing")
    head = fields.part("letterhead")
    letterhead = Letterhead(
        name=head.text("name"),
        url=head.maybe("url", head.text),
        domain=head.text("domain"),
        from_address=EmailAddress(head.text("from_address")),
        from_name=head.text("from_name"),
        postal_address=head.text("postal_address"),
        owner=EmailAddress(head.text("owner")),
    )
    return Dressing(letterhead, fields.mapping("templates"))


def _reader_json(reader: Reader) -> Json:
    return {
        "subscriber": reader.subscriber,
        "address": reader.address,
        "name": reader.name,
        "format": reader.format,
        "topics": reader.topics,
    }


def _read_reader(fields: Fields) -> Reader:
    return Reader(
        subscriber=SubscriberId(fields.text("subscriber")),
        address=EmailAddress(fields.text("address")),
        name=fields.maybe("name", fields.text),
        format=fields.parsed("format", LetterFormat),
        topics=fields.texts("topics"),
    )


def _slot_json(slot: Slot) -> Json:
    return {
        "local_date": slot.local_date.isoformat(),
        "begins_at": write_moment(slot.begins_at),
        "timezone": slot.timezone,
        "kind": slot.kind,
    }


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


def _write_match(match: Match) -> str:
    """Write a match, which thousands of editions of one run have in common, as one object."""
    known = _WRITTEN.get(id(match))
    if known is None or known[0] is not match:
        known = _WRITTEN.keep(id(match), (match, dump(_match_json(match))))
    return known[1]


@lru_cache(maxsize=8_192)
def _read_match(text: str) -> Match:
    return _match_of(Fields.load(text, "edition.matches"))


def _cut_out(text: str, beginning: str) -> tuple[str, tuple[Match, ...]]:
    """Return the text with an empty list in place of that which begins so, and what was in it.

    Nothing is cut out of a text that is written in another way than ours.
    """
    start = text.find(f"{beginning}{_ENTRY}") + len(beginning)
    end = text.find(_ENDS[beginning], start)
    if start < len(beginning) or end < 0:
        return text, ()
    first, *others = text[start:end].split(f",{_ENTRY}")
    try:
        matches = [_read_match(one) for one in (first, *(f"{_ENTRY}{one}" for one in others))]
    except StorageError:  # a newer program's, or damaged: whoever reads the whole will say
        return text, ()
    return text[:start] + text[end:], tuple(matches)


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
    }


def _read_reason(fields: Fields) -> Reason:
    return Reason(
        kind=fields.parsed("kind", ReasonKind),
        subject=fields.text("subject"),
        words=fields.texts("words"),
        by_meaning=fields.flag("by_meaning"),
    )


def _read_silence(fields: Fields) -> Silence:
    return Silence(fields.parsed("reason", SilenceReason), fields.text("detail"))
