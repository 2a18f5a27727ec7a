"""Matches as JSON."""

from functools import lru_cache
from typing import Final

from newsletter.model import (
    EntryId,
    Match,
    Reason,
    ReasonKind,
    RevisionId,
    ScoreTerm,
    SourceName,
    Sureness,
)
from newsletter.rules.recent import Recent
from newsletter.storage.codec.json import Fields, Json, dump

_WRITTEN: Final[Recent[int, tuple[Match, str]]] = Recent(8_192)


def write_match(match: Match) -> str:
    """Write a match, which thousands of editions of one run have in common, as one object."""
    known = _WRITTEN.get(id(match))
    if known is None or known[0] is not match:
        known = _WRITTEN.keep(id(match), (match, dump(_match_json(match))))
    return known[1]


@lru_cache(maxsize=8_192)
def read_match(text: str) -> Match:
    """Read what `write_match` wrote."""
    return match_of(Fields.load(text, "edition.matches"))


def match_of(fields: Fields) -> Match:
    """Return the match of one JSON object."""
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
