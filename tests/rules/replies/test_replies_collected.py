"""Replies of a collection outside of this project, whose block has other keys: the text counts."""

import os
from pathlib import Path
from typing import Final

import pytest

from newsletter.rules.replies import Found, NoBlock, Why, find_block
from tests.rules.replies.messages import read

FOLDER: Final = (
    Path(os.environ.get("NEWSLETTER_SHARED", Path(__file__).parents[4] / "shared"))
    / "data"
    / "mail"
    / "replies"
)

SENT: Final = """\
topics:
  - cs.CL
  - cs.IR
keywords:
  - retrieval augmented generation
  - "question answering: open domain"
exclude:
  - survey
frequency: weekly
day: monday
time: "08:00"
timezone: Europe/Berlin
max_entries: 15
format: html
"""
LONG: Final = "retrieval augmented generation for scientific literature search and recommendation"
SENT_LONG: Final = SENT.replace("retrieval augmented generation", LONG)

MEANT: Final = {
    "01_gmail_web_top_post.eml": (SENT, SENT.replace("weekly", "daily").replace("15", "5")),
    "05_outlook_desktop_html_only.eml": (
        SENT,
        SENT.replace("  - cs.IR\n", "  - cs.IR\n  - cs.DL\n").replace("weekly", "monthly"),
    ),
    "07_thunderbird_flowed.eml": (
        SENT_LONG,
        SENT_LONG.replace("  - survey\n", "  - survey\n  - position paper\n"),
    ),
    "11_proton_top_post.eml": (SENT, SENT.replace("weekly", "paused")),
    "14_tabs.eml": (SENT, SENT.replace("html", "text")),
    "21_no_change.eml": (SENT, SENT),
}


@pytest.mark.parametrize("name", MEANT)
def test_a_collected_reply_is_read_as_it_was_meant(name: str) -> None:
    path = FOLDER / name
    if not path.exists():
        pytest.skip("the collection of replies is not here")
    sent, meant = MEANT[name]
    found = find_block(read(path.read_bytes()), sent)
    if meant == sent:
        assert isinstance(found, NoBlock)
        assert found.why is Why.UNCHANGED
    else:
        assert isinstance(found, Found), found
        assert found.text == meant


def test_a_changed_line_of_the_collection_is_joined_without_knowing_it() -> None:
    path = FOLDER / "07_thunderbird_flowed.eml"
    if not path.exists():
        pytest.skip("the collection of replies is not here")
    found = find_block(read(path.read_bytes()), SENT)
    assert isinstance(found, Found), found
    assert f"  - {LONG}\n" in found.text
