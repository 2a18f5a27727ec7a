"""The token on the page that takes a press back: derived, for one letter and one moment."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import EditionId, SubscriberId
from newsletter.rules.addresses import (
    Secrets,
    TokenPurpose,
    Undoing,
    daily_notice,
    letter_token,
    read_letter_token,
    read_undo_token,
    undo_token,
)

OLD = Secrets((b"an old key of sixteen bytes",))
NEW = Secrets((b"the key of today, sixteen bytes", *OLD.keys))
EDITION = EditionId("abcdefghij234567klmn")
MOMENT = datetime(2026, 11, 23, 7, 0, 0, 123456, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 3 * 10**16).map(lambda count: EPOCH + timedelta(microseconds=count))


@given(MOMENTS)
def test_a_token_is_read_as_it_was_written(moment: datetime) -> None:
    token = undo_token(Undoing(EDITION, moment), OLD)
    for text in (token, token.upper()):
        assert read_undo_token(text, OLD) == read_undo_token(text, NEW) == (EDITION, moment)


def test_a_token_is_good_for_one_letter_one_moment_and_one_purpose() -> None:
    token = undo_token(Undoing(EDITION, MOMENT), OLD)
    later = undo_token(Undoing(EDITION, MOMENT + timedelta(microseconds=1)), OLD)
    assert len(token) == 59
    assert token[:22] == later[:22]
    assert read_undo_token(later[:33] + token[33:], OLD) is None
    assert read_undo_token("b" + token[1:], OLD) is None
    assert read_undo_token(token, Secrets((b"another key of sixteen bytes",))) is None
    assert read_letter_token(TokenPurpose.UNSUBSCRIBE, token, OLD) is None
    assert read_undo_token(letter_token(TokenPurpose.UNSUBSCRIBE, EDITION, OLD), OLD) is None


@given(st.text(max_size=80) | st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=59, max_size=59))
def test_any_other_text_is_no_token(text: str) -> None:
    assert read_undo_token(text, NEW) is None


@pytest.mark.parametrize("other", [("b", 0), ("a", 1)])
def test_the_notice_of_a_day_has_one_name(other: tuple[str, int]) -> None:
    day = date(2026, 11, 23)
    name = daily_notice(SubscriberId("a"), day, OLD)
    assert len(name) == 20
    assert daily_notice(SubscriberId("a"), day, OLD) == name
    person, days = other
    assert daily_notice(SubscriberId(person), day + timedelta(days=days), OLD) != name
