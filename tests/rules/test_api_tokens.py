"""Tokens of the API, and tags of texts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import ApiToken, Scope
from newsletter.rules.api_tokens import is_in_force, is_name, is_token, may, token_hash
from newsletter.rules.tags import text_tag

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def token(*scopes: Scope, ends_at: datetime | None = None) -> ApiToken:
    return ApiToken("t", frozenset(scopes), NOW, ends_at)


def test_who_may_write_a_thing_may_read_it() -> None:
    writer = token(Scope.SUBSCRIBERS_WRITE)
    assert may(writer, Scope.SUBSCRIBERS_READ)
    assert may(writer, Scope.SUBSCRIBERS_WRITE)
    assert not may(writer, Scope.DELIVERIES_READ)
    assert not may(token(Scope.DELIVERIES_READ), Scope.DELIVERIES_WRITE)


@given(st.sets(st.sampled_from(Scope)), st.sampled_from(Scope))
def test_a_token_without_scopes_may_nothing_and_more_scopes_never_take_away(
    scopes: set[Scope], wanted: Scope
) -> None:
    assert not may(token(), wanted)
    assert may(token(*scopes, wanted), wanted)


def test_a_token_ends_at_its_moment() -> None:
    assert is_in_force(token(), NOW)
    ending = token(ends_at=NOW)
    assert is_in_force(ending, NOW - timedelta(seconds=1))
    assert not is_in_force(ending, NOW)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("nl_" + "a2" * 16, True), ("nl_" + "A2" * 16, False), ("nl_a", False), ("", False)],
)
def test_a_token_is_known_by_its_form(text: str, is_one: bool) -> None:  # noqa: FBT001
    assert is_token(text) is is_one


def test_a_name_is_short_and_plain() -> None:
    assert is_name("lab website 2")
    assert not any(map(is_name, ("", " lab", "lab\n", "x" * 61, "läb")))


@given(st.text(), st.text())
def test_tags_and_hashes_tell_texts_apart(one: str, other: str) -> None:
    assert (text_tag(one) == text_tag(other)) == (one == other)
    encodable = all(not 0xD800 <= ord(letter) < 0xE000 for letter in one + other)
    if encodable:
        assert (token_hash(one) == token_hash(other)) == (one == other)
    assert len(text_tag(one)) == 32
