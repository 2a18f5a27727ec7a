"""The name of a person's file: one safe path segment, whatever the address."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import EmailAddress
from newsletter.preferences import document_file_name
from newsletter.rules.addresses import address_key

LOCAL = st.text("abcXYZ019.!#$%&'*+-/=?^_`{|}~", min_size=1, max_size=64)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("ada@example.org", "ada@example.org.yaml"),
        ("Ada@Example.org", "ada@example.org.yaml"),
        ("a+b-c.d=e_f@example.org", "a+b-c.d=e_f@example.org.yaml"),
        ("a/b@example.org", "a%2Fb@example.org.yaml"),
        ("a%2Fb@example.org", "a%252fb@example.org.yaml"),
        ("../x@example.org", "%2E.%2Fx@example.org.yaml"),
        (".x@example.org", "%2Ex@example.org.yaml"),
        ("-rf@example.org", "%2Drf@example.org.yaml"),
        ("..", "%2E..yaml"),
        ("a\0b@example.org", "a%00b@example.org.yaml"),
        ("a\\b:c*d?~@example.org", "a%5Cb%3Ac%2Ad%3F%7E@example.org.yaml"),
    ],
)
def test_an_address_gives_a_readable_safe_name(address: str, name: str) -> None:
    assert document_file_name(address) == name


def test_another_suffix_can_be_had() -> None:
    assert document_file_name("ada@example.org", ".eml") == "ada@example.org.eml"


def test_long_addresses_of_two_people_have_two_names_that_fit() -> None:
    names = {document_file_name(f"{'a' * 64}@{'b' * 180}{end}.org") for end in "xy"}
    assert len(names) == 2
    assert max(map(len, names)) <= 200


@given(st.text(max_size=300))
def test_any_text_gives_one_visible_segment_of_ascii(text: str) -> None:
    name = document_file_name(text)
    assert Path(name).name == name
    assert name.isascii()
    assert name.isprintable()
    assert name[0] not in ".-"
    assert len(name) <= 200


@given(LOCAL, LOCAL)
def test_two_addresses_share_a_name_only_when_they_are_one_persons(one: str, other: str) -> None:
    first, second = (EmailAddress(f"{local}@example.org") for local in (one, other))
    is_one_name = document_file_name(first).casefold() == document_file_name(second).casefold()
    assert is_one_name == (address_key(first) == address_key(second))
