"""Why an entry is here, as a letter says it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import Reason, ReasonKind, Sureness
from newsletter.rules.composing import write_reason

TOPIC, TRENDING = ReasonKind.TOPIC, ReasonKind.TRENDING
STRONG, POSSIBLE = Sureness.STRONG, Sureness.POSSIBLE


@pytest.mark.parametrize(
    ("reason", "phrase"),
    [
        (Reason(TOPIC, "Gulls", ("gull",)), "Gulls: “gull”"),
        (Reason(TOPIC, "Gulls", ("gull", "net")), "Gulls: “gull” and “net”"),
        (Reason(TOPIC, "Gulls", tuple("abcdefg")), "Gulls: “a”, “b”, “c”, “d” and “e”"),
        (Reason(TOPIC, "Gulls", (), by_meaning=True), "Gulls, by meaning"),
        (Reason(TOPIC, "Gulls"), "Gulls"),
        (Reason(TOPIC, "Gulls", ("gull",), sureness=STRONG), "Gulls, a strong match: “gull”"),
        (Reason(TOPIC, "Gulls", sureness=POSSIBLE), "Gulls, a possible match"),
        (
            Reason(TOPIC, "Gulls", ("net",), by_meaning=True, sureness=STRONG),
            "Gulls, a strong match in meaning: “net”",
        ),
        (Reason(ReasonKind.AUTHOR, "Oda Fisk"), "you follow Oda Fisk"),
        (Reason(ReasonKind.ORGANIZATION, "Shore Institute"), "you follow Shore Institute"),
        (Reason(TRENDING, "31 up-votes"), "trending with 31 up-votes"),
        (Reason(TRENDING, "among the newest"), "trending now: among the newest"),
    ],
)
def test_a_reason_reads_after_the_word_why(reason: Reason, phrase: str) -> None:
    assert write_reason(reason) == phrase


@given(
    st.builds(
        Reason,
        st.sampled_from(ReasonKind),
        st.text(),
        st.lists(st.text()).map(tuple),
        st.booleans(),
        st.none() | st.sampled_from(Sureness),
    )
)
def test_a_reason_is_one_short_line(reason: Reason) -> None:
    phrase = write_reason(reason)
    assert len(phrase) <= 200
    assert len(phrase.splitlines()) <= 1
