"""Where sentences end, and which make a summary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.rules.composing import split_sentences, summarize, tidy

ABSTRACTS = st.lists(
    st.sampled_from(["Gulls fly", "e.g. here", "3.5", "et al.", "end.", "Why?", "Nets", "。", "  "])
    | st.text(max_size=8)
).map(" ".join)


@pytest.mark.parametrize(
    "sentence",
    [
        "We count gulls, e.g. Herring gulls, with nets.",
        "The method of Fisk et al. (2020) counts twice.",
        "See Fig. 3 and Eq. 12 for the net.",
        "Only No. 7 came back.",
        "It gains 3.5 points vs. Strand.",
        "The net of R. Moe is small.",
        "Birds of the U.S. Atlantic coast are left out.",
        "The bird, i.e. The gull, is white.",
        "It asks “why?” and flies on.",
        "Does a gull fly? -- it does.",
        "It grew by 3.7x. — or more",
        "No mark ends this",
    ],
)
def test_nothing_inside_this_sentence_ends_it(sentence: str) -> None:
    assert list(split_sentences(sentence)) == [sentence]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("Really? Yes! So.", ["Really?", "Yes!", "So."]),
        ("He said “no.” She left.", ["He said “no.”", "She left."]),
        ("It ends (here.) (Next) one.", ["It ends (here.)", "(Next) one."]),
        ("And so on... Then more.", ["And so on...", "Then more."]),
        ("It costs 5. 6 would be too much.", ["It costs 5.", "6 would be too much."]),
        ("第一句。第二句。", ["第一句。", "第二句。"]),
        ("Line\none.\n\nLine two.", ["Line one.", "Line two."]),
        ("", []),
        (" . Then", [".", "Then"]),
    ],
)
def test_sentences_end_here(text: str, sentences: list[str]) -> None:
    assert list(split_sentences(text)) == sentences


@given(ABSTRACTS)
def test_no_letter_is_lost(text: str) -> None:
    def ink(shown: str) -> str:
        return "".join(shown.split())

    assert ink("".join(split_sentences(text))) == ink(tidy(text))


@given(ABSTRACTS, st.integers(20, 500))
def test_a_summary_keeps_to_its_limit(text: str, limit: int) -> None:
    assert len(summarize(text, limit=limit)) <= limit


def test_a_summary_has_three_sentences_at_most() -> None:
    assert summarize("One. Two. Three. Four.") == "One. Two. Three."


def test_a_summary_stops_before_a_sentence_that_is_too_long() -> None:
    assert summarize("One. " + "Two is long. " * 9, limit=20) == "One. Two is long."


def test_a_first_sentence_that_is_too_long_is_cut_at_a_word() -> None:
    assert summarize("Gulls are counted by hand and by net", limit=20) == "Gulls are counted…"
