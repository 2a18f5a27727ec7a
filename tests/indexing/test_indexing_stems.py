"""Stems are those of the reference: the same algorithm by the same makers, in another language."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from snowballstemmer.english_stemmer import EnglishStemmer

from newsletter.indexing import Stemmer
from newsletter.rules.query import words

SAMPLES = Path(__file__).parents[2] / "samples" / "entries.yaml"
ENDINGS = (
    "",
    "s",
    "es",
    "ed",
    "ing",
    "ingly",
    "ation",
    "ational",
    "fulness",
    "ies",
    "y",
    "'s",
    "ly",
)


def reference(word: str) -> str:
    stem: str = EnglishStemmer().stemWord(word)  # `stemmer` would return what we compare with it
    return stem


def is_abbreviation(word: str) -> bool:
    return (
        len(word) > 3
        and word.endswith("s")
        and not word.endswith("ss")
        and not set(word) & set("aeiouy")
    )


def test_the_words_of_the_samples_have_the_stems_of_the_reference() -> None:
    said = {word for word in words(SAMPLES.read_text("utf-8")) if not is_abbreviation(word)}
    assert len(said) > 500
    assert {word: Stemmer().stem(word) for word in said} == {word: reference(word) for word in said}


@given(st.text("aeioutrnslybcdgkmpvxéß1", min_size=1, max_size=8), st.sampled_from(ENDINGS))
def test_words_nobody_wrote_have_them_too(beginning: str, ending: str) -> None:
    word = beginning + ending
    assert is_abbreviation(word) or Stemmer().stem(word) == reference(word)
