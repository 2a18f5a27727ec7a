"""From an edition to a letter."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from newsletter.errors import RenderingError
from newsletter.model import (
    Edition,
    EditionId,
    EmailAddress,
    EntryContent,
    EntryId,
    Letter,
    LetterFormat,
    Letterhead,
    LetterLinks,
    Match,
    Reader,
    Reason,
    ReasonKind,
    RevisionId,
    Silence,
    SilenceReason,
    Slot,
    SourceName,
    SubscriberId,
)
from newsletter.rules.composing import compose

NEWS = EmailAddress("news@example.org")
LETTERHEAD = Letterhead("Shore", None, "example.org", NEWS, "Shore", "1 Quay", NEWS)
LINKS = LetterLinks("mailto:a@example.org", "mailto:b@example.org", "mailto:c@example.org")
READER = Reader(
    SubscriberId("s"), EmailAddress("ada@example.org"), "Ada", LetterFormat.HTML, ("Gulls",)
)
GULLS = RevisionId("gulls")
NETS = RevisionId("nets")
CONTENTS = {
    GULLS: EntryContent("Counting gulls", abstract="One. Two. Three. Four."),
    NETS: EntryContent("Small nets", abstract="Long. Longer.", tldr="A net\nis enough."),
}


def match(revision: RevisionId) -> Match:
    reason = Reason(ReasonKind.TOPIC, "Gulls", ("gull", "net"))
    return Match(EntryId(f"test:{revision}"), revision, 1.0, (reason,))


def edition(*revisions: RevisionId, also: tuple[RevisionId, ...] = ()) -> Edition:
    begins = datetime(2026, 11, 23, 7, tzinfo=UTC)
    return Edition(
        id=EditionId("e1"),
        reader=READER,
        slot=Slot(date(2026, 11, 23), begins, "Europe/Paris"),
        planned_at=begins,
        matches=tuple(match(revision) for revision in revisions),
        also_matched=tuple(match(revision) for revision in also),
        new_count=14,
        since=date(2026, 11, 20),
        dressing=RevisionId("d"),
    )


def letter(decided: Edition) -> Letter:
    sources = {EntryId("test:gulls"): (SourceName("shore"),)}
    return compose(decided, CONTENTS, sources, LETTERHEAD, LINKS)


def test_a_letter_keeps_the_order_and_the_reasons() -> None:
    composed = letter(edition(GULLS, NETS))
    assert [entry.content.title for entry in composed.entries] == ["Counting gulls", "Small nets"]
    assert composed.entries[0].reasons == ("Gulls: “gull” and “net”",)
    assert composed.entries[0].sources == (SourceName("shore"),)
    assert composed.entries[1].sources == ()


def test_the_sources_own_summary_is_preferred() -> None:
    composed = letter(edition(GULLS, NETS))
    assert composed.entries[0].summary == "One. Two. Three."
    assert composed.entries[1].summary == "A net is enough."


def test_without_any_summary_there_is_none() -> None:
    bare = {GULLS: EntryContent("Counting gulls")}
    composed = compose(edition(GULLS), bare, {}, LETTERHEAD, LINKS)
    assert composed.entries[0].summary == ""


def test_subject_preheader_and_headline_are_of_the_chosen_entries() -> None:
    composed = letter(edition(GULLS, NETS))
    assert composed.subject == "Counting gulls, and 1 more"
    assert composed.preheader == "Small nets"
    assert composed.headline == "2 entries for you out of 14 new since Friday"


def test_what_also_matched_is_named_and_not_counted() -> None:
    composed = letter(edition(GULLS, also=(NETS,)))
    assert composed.subject == "Counting gulls"
    assert composed.preheader == "One. Two. Three."
    assert composed.headline == "1 entry for you out of 14 new since Friday"
    assert [entry.content.title for entry in composed.also_matched] == ["Small nets"]


def test_a_note_says_why_there_is_nothing() -> None:
    silence = Silence(SilenceReason.NOTHING_MATCHED, "None of 14\nwas about gulls.")
    composed = letter(replace(edition(), note=silence))
    assert composed.note == composed.preheader == "None of 14 was about gulls."
    assert composed.subject == "Nothing for you this time"
    assert composed.headline == "Nothing for you out of 14 new since Friday"


def test_an_edition_with_nothing_to_say_still_has_a_letter() -> None:
    composed = letter(edition())
    assert (composed.note, composed.preheader) == (None, "")


def test_the_same_edition_gives_the_same_letter() -> None:
    assert letter(edition(GULLS, NETS)) == letter(edition(GULLS, NETS))


def test_a_revision_that_was_not_kept_is_an_error() -> None:
    with pytest.raises(RenderingError, match="edition e1: revision lost of test:lost is not kept"):
        letter(edition(RevisionId("lost")))
