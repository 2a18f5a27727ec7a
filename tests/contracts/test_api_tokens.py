"""What every book of API tokens does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from newsletter.model import ApiToken, Scope
from newsletter.ports import ApiTokens
from newsletter.storage import Database, TokenBook
from newsletter.testing.tokens import MemoryTokens

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
TOKEN = ApiToken("lab site", frozenset({Scope.ENTRIES_READ, Scope.EDITIONS_READ}), NOW)

OpenStored = Callable[[str], Database]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def tokens(request: pytest.FixtureRequest, open_stored: OpenStored) -> ApiTokens:
    return MemoryTokens() if request.param == "memory" else TokenBook(open_stored(request.param))


def test_a_token_is_found_by_its_hash(tokens: ApiTokens) -> None:
    assert tokens.add(TOKEN, "h1")
    ending = replace(TOKEN, name="a", scopes=frozenset(), ends_at=NOW + timedelta(days=1))
    assert tokens.add(ending, "h2")
    assert (tokens.find("h1"), tokens.find("h2"), tokens.find("h3")) == (TOKEN, ending, None)
    assert list(tokens.all()) == [ending, TOKEN]


def test_a_name_is_given_once(tokens: ApiTokens) -> None:
    assert tokens.add(TOKEN, "h1")
    assert not tokens.add(TOKEN, "h2")
    assert tokens.find("h2") is None


def test_a_token_can_be_taken_back(tokens: ApiTokens) -> None:
    tokens.add(TOKEN, "h1")
    assert [tokens.remove("lab site"), tokens.remove("lab site")] == [True, False]
    assert tokens.find("h1") is None


def test_the_last_day_of_use_is_kept(tokens: ApiTokens) -> None:
    tokens.add(TOKEN, "h1")
    for day in (21, 23, 22):
        tokens.touch("lab site", date(2026, 11, day))
    tokens.touch("nobody", date(2026, 11, 23))
    (kept,) = tokens.all()
    assert kept.used_on == date(2026, 11, 23)
