"""Which texts are addresses, and when two are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import AddressError
from newsletter.model import EmailAddress
from newsletter.rules.addresses import (
    address_key,
    domain_of,
    mailto,
    parse_address,
    parse_mailbox,
)


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.org",
        "Ada.Lovelace+news@Example.ORG",
        "o'brien/x=y{1}@a-b.example",
        "root@localhost",
        "a@xn--bcher-kva.example",
        "a" * 64 + "@example.org",
        "a@" + "b" * 63 + ".example",
        "a@1.example",
    ],
)
def test_an_ordinary_address_is_taken_as_written(text: str) -> None:
    assert parse_address(text) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no @"),
        ("ada", "no @"),
        ("@example.org", "before the @ may hold"),
        ("a" * 65 + "@example.org", "longer than 64"),
        (".a@example.org", "single dots"),
        ("a..b@example.org", "single dots"),
        ('"a b"@example.org', "before the @ may hold"),
        ("a(comment)@example.org", "before the @ may hold"),
        ("a@b@example.org", "before the @ may hold"),
        ("a b@example.org", "before the @ may hold"),
        ("a\r\nBcc: x@example.org", "before the @ may hold"),
        ("a\x00@example.org", "before the @ may hold"),
        ("<a@example.org", "before the @ may hold"),
        ("jürgen@example.org", "beyond ASCII"),
        ("=?utf-8?q?a?=@example.org", "encoding"),
        ("a@", "the domain may hold"),
        ("a@example..org", "the domain may hold"),
        ("a@example.org.", "the domain may hold"),
        ("a@-example.org", "the domain may hold"),
        ("a@example.org>", "the domain may hold"),
        ("a@exa_mple.org", "the domain may hold"),
        ("a@example.org\n", "the domain may hold"),
        ("a@[192.0.2.1]", "the domain may hold"),
        ("a@192.0.2.1", "is a number"),
        ("a@" + "b" * 64 + ".org", "longer than 63"),
        ("a@" + "b." * 130 + "org", "longer than 254"),
        ("a@" + "\u00fc." * 60 + "org", "longer than 254 octets"),
        ("a@stra\u00dfe.example", "xn-- form"),
        ("a@exa\u200dmple.org", "xn-- form"),
        ("a@\uff45xample.org", "xn-- form"),
        ("a@example\u3002org", "xn-- form"),
        ("a@" + "\u00fc" * 60 + ".org", "xn-- form"),
    ],
)
def test_what_we_would_not_write_to_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(AddressError, match=reason) as caught:
        parse_address(text)
    assert str(caught.value).isprintable()


def test_an_international_domain_becomes_its_ascii_form() -> None:
    assert parse_address("a@Bücher.example") == "a@xn--bcher-kva.example"


@given(st.text(max_size=300))
def test_any_text_is_either_an_address_in_printable_ascii_or_an_address_error(text: str) -> None:
    try:
        address = parse_address(text)
    except AddressError:
        return
    assert address.isascii()
    assert address.isprintable()
    assert not set(address) & set(' <>()",:;\\[]')
    assert parse_address(address) == address


def test_addresses_are_compared_without_regard_to_case_and_to_nothing_else() -> None:
    first, second = EmailAddress("Ada+x@Example.ORG"), EmailAddress("ada+x@example.org")
    assert address_key(first) == address_key(second)
    assert address_key(EmailAddress("a.da+x@example.org")) != address_key(second)
    assert domain_of(first) == "example.org"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Paper Round <news@example.org>", "Paper Round"),
        ('"Paper Round" <news@example.org>', "Paper Round"),
        ('"A \\"B\\" C"<news@example.org>', 'A "B" C'),
        (" Zeitung für alle  <news@example.org> ", "Zeitung für alle"),
        ("<news@example.org>", ""),
        ("news@example.org", ""),
    ],
)
def test_a_mailbox_is_a_name_and_an_address(text: str, name: str) -> None:
    assert parse_mailbox(text) == (name, "news@example.org")


@pytest.mark.parametrize(
    "text",
    [
        "a@b <news@example.org>",
        "A\u202eB <news@example.org>",
        "A <news@example.org> B",
        "A <news@example.org",
        'A "B <news@example.org>',
        "A <news>",
        "A" * 1001,
    ],
)
def test_a_mailbox_that_would_deceive_is_refused(text: str) -> None:
    with pytest.raises(AddressError):
        parse_mailbox(text)


def test_a_mailto_uri_escapes_what_a_uri_gives_a_meaning() -> None:
    assert mailto(EmailAddress("a+b@example.org")) == "mailto:a+b@example.org"
    assert (
        mailto(EmailAddress("a%b?c&d@example.org"), subject="stop it")
        == "mailto:a%25b%3Fc%26d@example.org?subject=stop%20it"
    )
