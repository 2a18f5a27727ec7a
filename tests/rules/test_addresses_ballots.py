"""The links by which a reader votes: signed, short, and good for nothing else."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import EditionId, EmailAddress, Letterhead, Slot, SubscriberId
from newsletter.rules.addresses import (
    Ballot,
    Secrets,
    TokenPurpose,
    ballot_token,
    edition_id,
    letter_links,
    letter_token,
    read_ballot,
    read_letter_token,
)

SECRETS = Secrets((b"a key of sixteen or more bytes",))
OTHERS = Secrets((b"another key of sixteen bytes",))
ADA = SubscriberId("0123456789abcdef")
SLOT = Slot(datetime(2026, 11, 23, tzinfo=UTC).date(), datetime(2026, 11, 23, tzinfo=UTC), "UTC")
EDITION = edition_id(ADA, SLOT)
NEWS = EmailAddress("news@example.org")


def token(secrets: Secrets = SECRETS, reader: SubscriberId = ADA) -> str:
    made = ballot_token(EDITION, reader, secrets)
    assert made
    return made


def head(url: str | None) -> Letterhead:
    return Letterhead("Shore", url, "example.org", NEWS, "Shore", "1 Quay", NEWS)


def test_a_token_names_reader_and_letter_and_is_short() -> None:
    assert read_ballot(token(), SECRETS) == Ballot(ADA, EDITION[:8])
    assert len(token()) == 40
    assert token() == token()


def test_an_old_key_still_counts_and_a_foreign_one_does_not() -> None:
    assert read_ballot(token(), Secrets((*OTHERS.keys, *SECRETS.keys))) is not None
    assert read_ballot(token(), OTHERS) is None


@given(st.integers(0, 39), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567-Z0"))
def test_whoever_changes_a_token_has_none(place: int, letter: str) -> None:
    made = token()
    forged = made[:place] + letter + made[place + 1 :]
    assert (read_ballot(forged, SECRETS) is None) == (forged != made)


@given(st.text(max_size=60))
def test_any_other_text_is_no_token(text: str) -> None:
    assert read_ballot(text, SECRETS) is None


@pytest.mark.parametrize(
    "text", ["", token()[:-1], token() + "a", token() + "\n", "é" * 40, "a" * 9999]
)
def test_what_is_cut_off_or_added_to_is_no_token(text: str) -> None:
    assert read_ballot(text, SECRETS) is None


def test_a_link_to_vote_lets_nobody_unsubscribe_nor_the_other_way_round() -> None:
    assert read_letter_token(TokenPurpose.UNSUBSCRIBE, token(), SECRETS) is None
    assert read_ballot(letter_token(TokenPurpose.UNSUBSCRIBE, EDITION, SECRETS), SECRETS) is None


def test_the_page_of_votes_is_there_only_with_web_pages_and_a_reader() -> None:
    here = head("https://news.example.org")
    links = letter_links(EDITION, SECRETS, here, ADA)
    assert links.votes_url == f"https://news.example.org/likes/{token()}"
    assert letter_links(EDITION, SECRETS, here).votes_url is None
    assert letter_links(EDITION, SECRETS, head(None), ADA).votes_url is None
    assert letter_links(EDITION, SECRETS, head("http://x.example"), ADA).votes_url is None


@pytest.mark.parametrize("reader", ["a/b", "a b", "ä", "a" * 65, "a?b"])
def test_an_id_that_cannot_stand_in_an_address_has_no_page(reader: str) -> None:
    assert ballot_token(EditionId(EDITION), SubscriberId(reader), SECRETS) is None
