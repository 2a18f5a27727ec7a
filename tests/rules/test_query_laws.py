"""No text can break the parser, and what it understood can be written down again."""

from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import QueryError
from newsletter.rules.query import MAXIMUM_LENGTH, Query, explain, parse, show_error, spell

_PIECES = st.sampled_from(
    [
        *(
            "(",
            ")",
            '"',
            "-",
            "*",
            "AND",
            "OR",
            "NOT",
            "title:",
            "date:",
            "upvotes:",
            "autor:",
            ">=",
            "<",
        ),
        *(
            "a",
            "policy",
            "optimiz*",
            "2026-01-01",
            "10",
            " ",
            "  ",
            "学习",
            "C++",
            "\t",
            "”",
            "$",
            "\\",
            "|",
            "!",
            "cs.LG*",
            "pre-training",
            "\u2212",
            "\u200b",
            "\uff0a",
        ),
    ]
)


def read(text: str) -> Query | QueryError:
    try:
        return parse(text)
    except QueryError as error:
        return error


@given(st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=40).map("".join)))
def test_a_text_is_understood_or_refused_with_a_place(text: str) -> None:
    outcome = read(text)

    if isinstance(outcome, Query):
        assert explain(outcome)
    else:
        assert 0 <= outcome.position <= len(text)
        assert str(outcome)
        assert len(show_error(outcome).splitlines()) == 3


@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=25).map(" ".join)))
def test_the_plain_spelling_of_a_query_means_the_same(text: str) -> None:
    outcome = read(text)

    if isinstance(outcome, Query) and len(spell(outcome)) <= MAXIMUM_LENGTH:
        assert parse(spell(outcome)) == outcome
        assert spell(parse(spell(outcome))) == spell(outcome)


@given(st.lists(_PIECES, max_size=20).map(" ".join))
def test_brackets_around_a_query_change_nothing(text: str) -> None:
    outcome = read(text)

    if isinstance(outcome, Query):
        assert parse(f"({text})") == outcome


@given(
    st.sampled_from(["(", ")", '"', "a ", "-a ", "a OR ", "title:", "\\", "$", "*", "“", "date:>="])
)
def test_the_longest_of_texts_is_read_at_once(piece: str) -> None:
    assert read((piece * 2000)[:2000])
