"""Nothing came: the reason, and the sentence that says it."""

import pytest

from newsletter.model import EntryId, SilenceReason
from newsletter.rules.matching import Matching, silence

TOO_FEW = "2 matched but were below 5 up-votes"
BEFORE = "3 matched but were sent to you before."
LOW = (EntryId("a"), EntryId("b"))

CASES = [
    (Matching((), 0), SilenceReason.NOTHING_NEW, "No new entry has come."),
    (
        Matching((), 143),
        SilenceReason.NOTHING_MATCHED,
        "143 entries are new: none of them matches your topics and names.",
    ),
    (
        Matching((), 9, muted=1),
        SilenceReason.ALL_MUTED,
        "9 entries are new: 1 matched but was muted by your preferences.",
    ),
    (
        Matching((), 9, below_upvotes=LOW, minimum_upvotes=5),
        SilenceReason.NOTHING_MATCHED,
        "9 entries are new: 2 matched but were below 5 up-votes.",
    ),
    (
        Matching((), 1, already=1),
        SilenceReason.ALREADY_SENT,
        "1 entry is new: 1 matched but was sent to you before.",
    ),
    (
        Matching((), 9, muted=1, below_upvotes=LOW, already=3, minimum_upvotes=5),
        SilenceReason.ALL_MUTED,
        f"9 entries are new: 1 matched but was muted by your preferences, {TOO_FEW}, {BEFORE}",
    ),
    (
        Matching((), 9, below_upvotes=LOW, already=3, minimum_upvotes=5),
        SilenceReason.NOTHING_MATCHED,
        f"9 entries are new: {TOO_FEW}, {BEFORE}",
    ),
]


@pytest.mark.parametrize(("matching", "reason", "detail"), CASES)
def test_silence_is_explained(matching: Matching, reason: SilenceReason, detail: str) -> None:
    explained = silence(matching)

    assert explained.reason is reason
    assert explained.detail == detail
