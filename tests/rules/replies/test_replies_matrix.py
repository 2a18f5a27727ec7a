"""Fifteen mail programs times two dozen edits: what people mean is what happens, or they are asked."""

from collections import Counter

import pytest

from newsletter.rules.replies import Found, NoBlock, Why, find_block
from tests.rules.replies.documents import EDITS, SENT, meaning, meaning_or_none
from tests.rules.replies.messages import read
from tests.rules.replies.styles import STYLES


def outcome(style: str, edit: str, sent: str) -> str:
    """Return "as meant", "refused: …" or "WRONG"."""
    meant = EDITS[edit](sent)
    found = find_block(read(STYLES[style](sent, meant)), sent)
    if isinstance(found, NoBlock):
        return f"refused: {found.doubt or found.why} {found.place or ''}"
    understood = meaning_or_none(found.text)
    if understood is None:
        return f"refused by the reader\n{found.text}"
    return "as meant" if understood == meaning(meant) else f"WRONG\n{found.text}"


@pytest.mark.parametrize("document", SENT)
def test_at_least_95_of_100_edits_are_applied_as_meant_and_none_is_applied_wrongly(
    document: str,
) -> None:
    cells = {
        (style, edit): outcome(style, edit, SENT[document]) for style in STYLES for edit in EDITS
    }
    kinds = Counter(kind.split(":")[0].split("\n")[0] for kind in cells.values())
    table = "\n".join(f"{key}: {kind}" for key, kind in cells.items() if kind != "as meant")
    assert kinds["WRONG"] == 0, f"{kinds}\n{table}"
    assert kinds["as meant"] / len(cells) >= 0.95, f"{kinds}\n{table}"


@pytest.mark.parametrize("document", SENT)
@pytest.mark.parametrize("style", STYLES)
def test_a_block_that_comes_back_as_it_was_sent_changes_nothing(style: str, document: str) -> None:
    sent = SENT[document]
    found = find_block(read(STYLES[style](sent, sent)), sent)
    assert isinstance(found, NoBlock), isinstance(found, Found) and found.text
    assert found.why is Why.UNCHANGED, found
