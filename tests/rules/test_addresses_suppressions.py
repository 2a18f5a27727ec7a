from newsletter.model import AddressKey
from newsletter.rules.addresses import (
    Secrets,
    is_suppression_key,
    suppression_key,
    suppression_keys,
)

ADA, BOB = AddressKey("ada@example.org"), AddressKey("bob@example.org")
OLD, NEW = b"o" * 16, b"n" * 16


def test_a_forgotten_address_stands_under_a_hash_that_tells_nothing_of_it() -> None:
    key = suppression_key(ADA, Secrets((NEW,)))
    assert "ada" not in key
    assert "@" not in key
    assert is_suppression_key(key)
    assert not is_suppression_key(ADA)


def test_the_hash_is_of_one_address_under_one_secret() -> None:
    assert suppression_key(ADA, Secrets((NEW,))) == suppression_key(ADA, Secrets((NEW, OLD)))
    assert suppression_key(ADA, Secrets((NEW,))) != suppression_key(BOB, Secrets((NEW,)))
    assert suppression_key(ADA, Secrets((NEW,))) != suppression_key(ADA, Secrets((OLD,)))


def test_what_was_hashed_under_an_earlier_key_is_found_as_long_as_the_key_is_kept() -> None:
    before = suppression_key(ADA, Secrets((OLD,)))
    assert suppression_keys(ADA, Secrets((NEW, OLD))) == (
        suppression_key(ADA, Secrets((NEW,))),
        before,
    )
