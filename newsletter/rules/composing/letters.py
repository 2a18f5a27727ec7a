"""From an edition, which names revisions, to a letter, which holds texts."""

from collections.abc import Callable, Mapping, Sequence

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
    Reason,
    RevisionId,
    SourceName,
)
from newsletter.rules.composing.reasons import write_reason
from newsletter.rules.composing.summaries import SUMMARY_CHARACTERS, summarize
from newsletter.rules.composing.tidy import shorten, tidy
from newsletter.rules.composing.wording import write_headline, write_preheader, write_subject

WriteEntry = Callable[[Match, EntryContent, tuple[SourceName, ...]], LetterEntry]


def compose(
    edition: Edition,
    contents: Mapping[RevisionId, EntryContent],
    sources: Mapping[EntryId, tuple[SourceName, ...]],
    letterhead: Letterhead,
    links: LetterLinks,
    write: WriteEntry | None = None,
) -> Letter:
    """Put a decided edition into words; the same arguments give the same letter.

    Entries keep the edition's order. An entry that `sources` does not know has none. `write` is
    `write_entry`, or that with a memory. Raises RenderingError when a revision that the edition
    names is not in `contents`.
    """
    write = write or write_entry

    def written(matches: Sequence[Match]) -> tuple[LetterEntry, ...]:
        return tuple(
            [
                write(match, contents[match.revision], sources.get(match.entry, ()))
                for match in matches
            ]
        )

    _check_contents(edition, contents)
    entries, also_matched = written(edition.matches), written(edition.also_matched)
    return compose_written(edition, entries, also_matched, letterhead, links)


def compose_written(
    edition: Edition,
    entries: tuple[LetterEntry, ...],
    also_matched: tuple[LetterEntry, ...],
    letterhead: Letterhead,
    links: LetterLinks,
) -> Letter:
    """Do as `compose` does where the entries of `edition` were put into words before."""
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
        also_matched=also_matched,
        links=links,
        note=note,
    )


def write_entry(
    match: Match, content: EntryContent, sources: tuple[SourceName, ...]
) -> LetterEntry:
    """Put a chosen entry into words; of `match` only the entry and its reasons count."""
    return LetterEntry(
        id=match.entry,
        content=content,
        sources=sources,
        summary=_summary(content, match.reasons),
        reasons=tuple(write_reason(reason) for reason in match.reasons),
    )


def _check_contents(edition: Edition, contents: Mapping[RevisionId, EntryContent]) -> None:
    matches = (*edition.matches, *edition.also_matched)
    if all(map(contents.__contains__, [match.revision for match in matches])):
        return
    lost = next(match for match in matches if match.revision not in contents)
    message = f"edition {edition.id}: revision {lost.revision} of {lost.entry} is not kept"
    raise RenderingError(message)


def _summary(content: EntryContent, reasons: tuple[Reason, ...]) -> str:
    """Return the source's own summary, else the best sentences of the abstract, else nothing."""
    tldr = tidy(content.tldr or "")
    return shorten(tldr, SUMMARY_CHARACTERS) if tldr else summarize(content.abstract or "", reasons)


def _first_summary(entries: tuple[LetterEntry, ...]) -> str:
    return entries[0].summary if entries else ""
