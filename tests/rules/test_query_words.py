"""What a word is, in queries and entries alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.rules.query import content_words, fold, placed_words, readable, words

READINGS = [
    ("Deep Learning", ["deep", "learning"]),
    ("GPT-4 and T-PPO", ["gpt", "4", "and", "t", "ppo"]),
    ("C++, C# and C; C++17", ["c++", "c#", "and", "c", "c++", "17"]),
    ("A+B, k-means++", ["a", "b", "k", "means"]),
    ("it's it\u2019s", ["it", "s", "it", "s"]),
    ("snake_case", ["snake", "case"]),
    ("Łukasz Müller, STRASSE straße", ["lukasz", "muller", "strasse", "strasse"]),
    ("ﬁne x²", ["fine", "x2"]),
    (r"$\mathcal{B}$-Coder", ["b", "coder"]),
    ("A$^2$TGPO, CO$_2$, M\\textsuperscript{4}Fuse", ["a2tgpo", "co2", "m4fuse"]),
    (r"Schr\"odinger, Poincar\'{e}", ["schrodinger", "poincare"]),
    (r"$\alpha$-divergence and $x_{ij}$", ["alpha", "divergence", "and", "xij"]),
    ("costs $5 or $6, my_name", ["costs", "5", "or", "6", "my", "name"]),
    ("强化学习", ["强", "化", "学", "习"]),
    ("がく ｶﾞ", ["が", "く", "ガ"]),
    ("한국", ["한", "국"]),
    ("rein\u00adforce\u200b\ufeffment", ["reinforcement"]),
    ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
    ("Ёлка", ["елка"]),
    ("تَعلّم", ["تعلم"]),
]


@pytest.mark.parametrize(("text", "expected"), READINGS)
def test_a_text_is_read_word_by_word(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_words_are_placed_in_the_text_as_it_is_shown() -> None:
    plain = readable(r"The $\mathcal{B}$-Coder of Müller")

    assert plain == "The B-Coder of Müller"
    assert [plain[word.start : word.end] for word in placed_words(plain)] == [
        "The",
        "B",
        "Coder",
        "of",
        "Müller",
    ]


@given(st.text(max_size=80))
def test_placed_words_are_the_words(text: str) -> None:
    plain = readable(text)

    assert [placed.word for placed in placed_words(plain)] == words(text)


@given(st.text(max_size=80))
def test_case_does_not_matter(text: str) -> None:
    assert words(text.casefold()) == words(fold(text))


@given(st.text(alphabet="ab1+# -_.", max_size=30))
def test_ascii_is_read_as_everything_else_is(text: str) -> None:
    assert [*words(text), "學"] == words(f"{text} 學")


def test_content_words_say_what_a_text_is_about() -> None:
    text = "I am interested in papers on the safety of Safety guardrails, and in C++ or R"

    assert content_words(text) == ("safety", "guardrails", "c++")


def test_a_text_of_function_words_says_nothing() -> None:
    assert content_words("of the and, with") == ()
