"""The relaxed forms that are signed, beside another implementation of them."""

import pytest
from dkim.canonicalization import Relaxed
from hypothesis import given
from hypothesis import strategies as st

from newsletter.transports.dkim.canonicalization import canonical_body, canonical_fields

lines = st.lists(st.text("ab= \t", max_size=8).map(str.encode), max_size=8)


def test_the_header_of_the_rfc_takes_its_relaxed_form() -> None:
    """RFC 6376 section 3.4.5."""
    fields = canonical_fields(b"A: X\r\nB : Y\t\r\n\tZ  ")
    assert fields == {b"a": [b"a:X\r\n"], b"b": [b"b:Y Z\r\n"]}


def test_the_body_of_the_rfc_takes_its_relaxed_form() -> None:
    """RFC 6376 section 3.4.5."""
    assert canonical_body(b" C \r\nD \t E\r\n\r\n\r\n") == b" C\r\nD E\r\n"


@pytest.mark.parametrize("body", [b"", b"\r\n", b"\r\n\r\n", b"  \r\n\t\r\n", b" "])
def test_a_body_of_blanks_is_empty(body: bytes) -> None:
    assert canonical_body(body) == b""


@pytest.mark.parametrize("body", [b"one", b"one ", b"one\r\n", b"one\t \r\n \r\n\r\n"])
def test_the_last_line_of_a_body_ends_once(body: bytes) -> None:
    assert canonical_body(body) == b"one\r\n"


@given(lines)
def test_bodies_take_the_form_that_others_give_them(found: list[bytes]) -> None:
    body = b"".join(line + b"\r\n" for line in found)
    assert canonical_body(body) == Relaxed.canonicalize_body(body)


@given(lines)
def test_a_relaxed_body_is_relaxed_already(found: list[bytes]) -> None:
    body = canonical_body(b"\r\n".join(found))
    assert canonical_body(body) == body


def test_of_fields_with_one_name_the_lowest_comes_first() -> None:
    fields = canonical_fields(b"To: a\r\nCC: one\r\nCc: two")
    assert fields[b"cc"] == [b"cc:two\r\n", b"cc:one\r\n"]


def test_a_fold_is_one_blank_wherever_it_stands() -> None:
    once = canonical_fields(b"Subject: nine entries for you")
    folded = canonical_fields(b"Subject:\r\n nine\r\n\tentries \r\n  for \t\r\n \r\n you \r\n ")
    assert folded == once


def test_a_value_may_be_empty_and_may_hold_colons() -> None:
    fields = canonical_fields(b"Cc:\r\nFeedback-ID: a:b: c\r\nno field")
    assert fields == {b"cc": [b"cc:\r\n"], b"feedback-id": [b"feedback-id:a:b: c\r\n"]}
