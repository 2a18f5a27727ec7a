"""Whether readers are told that they can reply."""

from pathlib import Path

import pytest

from newsletter.bootstrap import open_newsroom, takes_mail
from newsletter.config import copy_starter

PAGES = "  url: https://news.example.org\n"
IN = "inbound: {lmtp: {port: 0}}\n"
RELAY = "delivery: {relays: [{host: 127.0.0.1, port: 25}]}\n"


@pytest.mark.parametrize(
    ("url", "more", "is_told"),
    [
        (PAGES, "", False),
        (PAGES, IN, True),
        (PAGES, RELAY, True),  # a pipe of the mail server may bring it
        ("", "", True),  # there is no other way
    ],
)
def test_on_trial_with_pages_only_a_way_in_counts(
    tmp_path: Path, url: str, more: str, *, is_told: bool
) -> None:
    copy_starter(tmp_path, timezone="UTC")
    config = (
        f"newsletter:\n  name: Shore\n{url}"
        "  from: Shore <letters@news.example.org>\n  owner: owner@example.org\n"
        "  postal_address: 1 Shore Road\nsources: {}\n"
    )
    (tmp_path / "config.yaml").write_text(config + more, encoding="utf-8")
    with open_newsroom(tmp_path / "config.yaml") as room:
        assert takes_mail(room) is is_told
