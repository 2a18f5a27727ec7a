"""Queries written to hurt: refused or answered, and soon."""

import pytest

from newsletter.errors import QueryError
from newsletter.indexing import Stemmer, build_index
from newsletter.model import Entry
from newsletter.rules.query import MAXIMUM_DEPTH, MAXIMUM_LENGTH, holds, parse
from tests.moments import soon
from tests.rules.test_query_table import entry, title

REFUSED = {
    "16 kB of words": "word " * 3_300,
    "ten thousand alternatives": " OR ".join(["a"] * 10_000),
    "deep brackets": "(" * 900 + "a" + ")" * 900,
    "brackets that never close": "(" * 2_000,
    "brackets that never opened": ")" * 2_000,
    "quotation marks": '"' * 1_999,
    "minus signs": "-" * 2_000,
    "stars": "*" * 2_000,
    "fields": "title:" * 300,
    "comparisons": "upvotes:>=" * 200,
    "backslashes": "\\" * 2_000,
    "a megabyte": "a" * 1_000_000,
    "dollars": "$" * 2_000,
}
ANSWERED = {
    "alternatives": " OR ".join(["ab"] * 330),
    "words": "ab " * 660,
    "prefixes": "aaa* " * 400,
    "one long word": "a" * 2_000,
    "one long phrase": '"' + "a " * 990 + '"',
    "many hyphens": "a-" * 990 + "a",
    "brackets": "(" * MAXIMUM_DEPTH + "a" + ")" * MAXIMUM_DEPTH,
    "negations": "a " + "-b " * 600,
    "negated brackets": "a " + "-(" * MAXIMUM_DEPTH + "b" + ")" * MAXIMUM_DEPTH,
    "TeX": "$a$ " * 499,
    "comparisons": "upvotes:>=1 " * 160,
}
SOON_S = 2.0


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return [entry(title("a ab aaab " * 20, "ab a aaa b " * 300)) for _ in range(20)]


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_a_query_that_asks_too_much_is_refused_at_once(text: str) -> None:
    def refused() -> QueryError:
        with pytest.raises(QueryError) as raised:
            parse(text)
        return raised.value

    assert 0 <= soon(refused, SOON_S).position <= len(text)


@pytest.mark.parametrize("text", ANSWERED.values(), ids=ANSWERED)
def test_a_query_as_long_as_is_allowed_is_answered_soon(text: str, entries: list[Entry]) -> None:
    assert len(text) <= MAXIMUM_LENGTH

    def answered() -> tuple[bool, bool]:
        root, stem = parse(text).root, Stemmer().stem
        return bool(build_index(entries).holds(text)), holds(root, entries[0], stem)

    found, expected = soon(answered, SOON_S)
    assert found is expected
