"""From an edition, which names revisions, to a letter, which holds texts."""

from collections.abc import Mapping
from typing import Final

from newsletter.errors import RenderingError
from newsletter.model import (
    Edition,
    EntryContent,
    EntryId,
    Letter,
    LetterEntry,
    Letterhead,
    LetterLinks,
    Match,
    RevisionId,
    SourceName,
)
from newsletter.rules.composing.sentences import SUMMARY_CHARACTERS, summarize
from newsletter.rules.composing.tidy import shorten, tidy
from newsletter.rules.composing.wording import write_headline, write_preheader, write_subject

REASON_CHARACTERS: Final = 200


def compose(
    edition: Edition,
    contents: Mapping[RevisionId, EntryContent],
    sources: Mapping[EntryId, tuple[SourceName, ...]],
    letterhead: Letterhead,
    links: LetterLinks,
) -> Letter:
    """Put a decided edition into words; the same arguments give the same letter.

    Entries keep the edition's order. An entry that `sources` does not know has none. Raises
    RenderingError when a revision that the edition names is not in `contents`.
    """
    entries = tuple(_entry(match, contents, sources, edition) for match in edition.matches)
    also = tuple(_entry(match, contents, sources, edition) for match in edition.also_matched)
    titles = [entry.content.title for entry in entries]
    note = tidy(edition.note.detail) if edition.note else None
    return Letter(
        letterhead=letterhead,
        reader=edition.reader,
        slot=edition.slot,
        subject=write_subject(titles),
        preheader=write_preheader(titles, otherwise=note or _first_summary(entries)),
        headline=write_headline(
            len(entries), edition.new_count, since=edition.since, today=edition.slot.local_date
        ),
        entries=entries,
        also_matched=also,
        links=links,
        note=note,
    )


def _entry(
    match: Match,
    contents: Mapping[RevisionId, EntryContent],
    sources: Mapping[EntryId, tuple[SourceName, ...]],
    edition: Edition,
) -> LetterEntry:
    content = contents.get(match.revision)
    if content is None:
        message = f"edition {edition.id}: revision {match.revision} of {match.entry} is not kept"
        raise RenderingError(message)
    return LetterEntry(
        id=match.entry,
        content=content,
        sources=sources.get(match.entry, ()),
        summary=_summary(content),
        reasons=tuple(shorten(tidy(str(reason)), REASON_CHARACTERS) for reason in match.reasons),
    )


def _summary(content: EntryContent) -> str:
    """Return the source's own summary, else the first sentences of the abstract, else nothing."""
    tldr = tidy(content.tldr or "")
    return shorten(tldr, SUMMARY_CHARACTERS) if tldr else summarize(content.abstract or "")


def _first_summary(entries: tuple[LetterEntry, ...]) -> str:
    return entries[0].summary if entries else ""
