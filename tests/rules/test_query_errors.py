"""Every query error points at a character and says what to write."""

import pytest

from newsletter.errors import QueryError
from newsletter.rules.query import MAXIMUM_DEPTH, MAXIMUM_LENGTH, parse, show_error

ERRORS: list[tuple[str, int, str]] = [
    ("", 0, "empty"),
    ("   ", 0, "empty"),
    ("-survey", 0, "also what to look for|add what to look for"),
    ("NOT survey", 0, "add what to look for"),
    ("(-survey)", 0, "add what to look for"),
    ("-(a b)", 0, "add what to look for"),
    ("a OR -b", 5, "add what to look for"),
    ("a (b OR -c) OR -d", 15, "add what to look for"),
    ("a (b", 2, "never closed; write a )"),
    ("a)", 1, "closes nothing"),
    ("a ()", 3, "nothing stands between"),
    ("(a OR )", 6, "missing before this bracket"),
    ('a "b c', 2, "quotation mark is never closed"),
    ('a ""', 2, "no letter or digit"),
    ("a & b", 2, "words side by side mean AND"),
    ("a || b", 2, "write OR between them"),
    ("a|b", 1, "write OR between them"),
    ("a !survey", 2, "to exclude a word write -survey"),
    ("a # b", 2, "no letter or digit"),
    ('"safety guardrail"*', 18, "inside the quotes"),
    ("upvotes>=10", 7, "a colon stands behind a field, as in upvotes:>=10"),
    ("date>2026-01-01", 4, "a colon stands behind a field, as in date:>=2026-01-31"),
    ("a Title=policy", 7, "a colon stands behind a field, as in title:survey"),
    ("a OR", 4, "the query ends"),
    ("NOT", 3, "the query ends"),
    ("OR a", 0, 'for the word itself write "OR"'),
    ("a AND OR b", 6, 'for the word itself write "OR"'),
    ("AND", 0, 'for the word itself write "AND"'),
    ("a NOT NOT b", 6, "leave the second one out"),
    ("a NOT -b", 6, "leave the second one out"),
    ("a - b", 2, "as in -survey"),
    ("a -", 2, "as in -survey"),
    ("autor:x", 0, "did you mean author:"),
    ("a tilte:x", 2, "did you mean title:"),
    ("org:nvidia", 0, "did you mean organization:"),
    ("http://x.example", 0, "write it in quotes"),
    ("title:", 6, "behind title:"),
    ("title:)", 6, "behind title:"),
    ("title:-x", 6, "as in -title:survey"),
    ("title:NOT x", 6, "as in -title:survey"),
    ("title:(a author:b)", 9, "within title: already"),
    ("opt*miz", 3, "can only end a word"),
    ('"saf* guard"', 4, "can only end a word"),
    ("optimiz**", 7, "can only end a word"),
    ("op*", 2, "at least 3 letters"),
    ('"policy a*"', 9, "at least 3 letters"),
    ('"policy *"', 8, "at least 3 letters"),
    ("*", 0, "no letter or digit"),
    ("date:yesterday", 5, "date:>=2026-01-31"),
    ("date:>=2026-02-30", 7, "there is no day 2026-02-30"),
    ("date:>=20260101", 7, "date:>=2026-01-31"),
    ("date:>=", 7, "write a value"),
    ("date:>=(2026-01-01)", 7, "write a value"),
    ("upvotes:many", 8, "a whole number"),
    ("upvotes:>=-5", 10, "write a value"),
    ("upvotes:>=5.5", 10, "a whole number"),
    ("upvotes:>=99999999999", 10, "a whole number"),
    ("upvotes:>10", 8, "write >= or <="),
    ("title:>=3", 6, "title: has words, no values"),
    (">=3", 0, "needs its field"),
    ("(" * 41 + "a" + ")" * 41, 40, f"more than {MAXIMUM_DEPTH} brackets"),
    ("a" * 2001, MAXIMUM_LENGTH, "2000 are allowed"),
]


@pytest.mark.parametrize(
    ("text", "position", "advice"),
    [pytest.param(*case, id=case[0][:30] or "empty") for case in ERRORS],
)
def test_an_error_points_at_the_character_and_says_what_to_write(
    text: str, position: int, advice: str
) -> None:
    with pytest.raises(QueryError, match=advice.replace("(", r"\(").replace(")", r"\)")) as raised:
        parse(text)

    assert raised.value.query == text
    assert raised.value.position == position


def shown(text: str) -> list[str]:
    with pytest.raises(QueryError) as raised:
        parse(text)
    return show_error(raised.value).splitlines()


def test_an_error_is_shown_below_its_character() -> None:
    query, mark, message = shown("policy autor:x")

    assert query == "policy autor:x"
    assert mark.index("^") == query.index("autor")
    assert "author" in message


def test_only_the_neighbourhood_of_the_place_is_shown() -> None:
    query, mark, _ = shown("word " * 100 + "(" + " word" * 100)

    assert query.startswith("…")
    assert query.endswith("…")
    assert query[mark.index("^")] == "("
    assert len(query) < 80


def test_wide_and_combining_characters_keep_the_mark_in_its_column() -> None:
    assert shown("学习 (a")[1] == "     ^"
    assert shown("e\u0301 (a")[1] == "  ^"


def test_what_cannot_be_printed_is_shown_as_a_space() -> None:
    assert shown("a\x00\n(b")[0] == "a  (b"
