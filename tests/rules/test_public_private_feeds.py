"""The token of a private feed: derived, for one subscriber, and over when the subscription is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import EmailAddress, Subscriber, SubscriberId, SubscriptionState
from newsletter.rules.addresses import Secrets
from newsletter.rules.public import feed_token, read_feed_token

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SECRETS = Secrets((b"a key of more than sixteen bytes",))
ADA = Subscriber(
    SubscriberId("00f1aa0b3c4d5e6f"),
    EmailAddress("ada@example.org"),
    SubscriptionState.CONFIRMED,
    NOW,
    NOW,
)


def read(token: str, person: Subscriber | None = ADA, secrets: Secrets = SECRETS) -> object:
    known = {person.id: person} if person else {}
    return read_feed_token(token, secrets, known.get)


def token_of(person: Subscriber, secrets: Secrets = SECRETS) -> str:
    token = feed_token(person, secrets)
    assert token
    return token


def test_a_token_names_its_subscriber_and_is_the_same_each_time() -> None:
    token = token_of(ADA)
    assert token == token_of(ADA)
    assert len(token) == 26 + len(ADA.id)
    assert read(token) == ADA


def test_who_left_and_came_back_has_another_one() -> None:
    token = token_of(ADA)
    left = replace(ADA, state=SubscriptionState.UNSUBSCRIBED)
    back = replace(ADA, confirmed_at=NOW + timedelta(days=1))
    assert read(token, left) is None
    assert read(token, back) is None
    assert read(token_of(back), back) == back
    assert feed_token(left, SECRETS) is None


def test_a_subscriber_who_never_confirmed_by_answer_counts_from_the_beginning() -> None:
    vouched = replace(ADA, confirmed_at=None)
    assert read(token_of(vouched), vouched) == vouched


def test_an_old_key_verifies_until_it_is_dropped() -> None:
    token = token_of(ADA)
    new = Secrets((b"another key of sixteen bytes", *SECRETS.keys))
    assert read(token, secrets=new) == ADA
    assert read(token, secrets=Secrets(new.keys[:1])) is None


def test_the_token_of_another_one_is_nothing() -> None:
    other = replace(ADA, id=SubscriberId("b2"))
    assert read(token_of(ADA).replace(ADA.id, other.id), other) is None
    assert read(token_of(ADA), None) is None


@given(st.integers(0, 25), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_token_with_one_other_character_is_nothing(place: int, letter: str) -> None:
    token = token_of(ADA)
    changed = token[:place] + letter + token[place + 1 :]
    assert read(changed) == (ADA if changed == token else None)


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("name", ["", "a/b", "ä", "x" * 65])
def test_an_id_that_cannot_stand_in_an_address_has_no_feed(name: str) -> None:
    assert feed_token(replace(ADA, id=SubscriberId(name)), SECRETS) is None
