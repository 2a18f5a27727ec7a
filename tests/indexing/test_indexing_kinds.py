"""Kinds of words are what the forms of words are."""

from hypothesis import given
from hypothesis import strategies as st

from newsletter.indexing.vocabulary import Vocabulary

SAID = st.sampled_from(
    ("dying", "die", "died", "lying", "lie", "skies", "sky", "skis", "ski", "llm", "llms", "s", "a",
     "policy", "policies", "polic", "news", "new", "agreed", "agre", "c++", "学", "us", "uses")
)  # fmt: skip


@given(st.lists(SAID, max_size=12), SAID)
def test_the_words_of_a_kind_are_the_forms_of_each_of_them(said: list[str], asked: str) -> None:
    vocabulary = Vocabulary()
    vocabulary.number([*said, ""])
    kinds = vocabulary.kinds()

    kind, forms = vocabulary.kind_of(asked), vocabulary.forms_of(asked)

    if kind is None:
        assert len({kinds[form] for form in forms}) > 1
    else:
        assert forms == {number for number, one in enumerate(kinds) if one == kind}
    assert [number for number, one in enumerate(kinds) if one == 0] == [0]
