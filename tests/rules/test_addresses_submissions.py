"""The address of a source carries a token that nobody else can make."""

import re

from newsletter.model import SourceName
from newsletter.rules.addresses import Secrets, read_submit_token, submit_address
from newsletter.rules.inbound import Destination, OwnNames, Purpose, read_destination

OLD, NEW = b"o" * 32, b"n" * 32
DESK, OTHER = SourceName("desk"), SourceName("other")
DOMAIN = "news.example.org"


def token_of(source: SourceName, *keys: bytes) -> str:
    address = submit_address(source, Secrets(keys or (NEW,)), DOMAIN)
    destination = read_destination(address, OwnNames(DOMAIN))
    assert destination == Destination(Purpose.SUBMIT, address.partition("@")[0][7:])
    assert destination.token
    return destination.token


def test_the_address_is_short_and_survives_folding() -> None:
    address = submit_address(DESK, Secrets((NEW,)), DOMAIN)
    assert re.fullmatch(r"submit\+[a-z2-7]{26}@news\.example\.org", address)
    assert read_submit_token(token_of(DESK).upper(), [DESK], Secrets((NEW,))) == DESK


def test_a_token_is_of_one_source() -> None:
    sources = [OTHER, DESK]
    assert read_submit_token(token_of(DESK), sources, Secrets((NEW,))) == DESK
    assert read_submit_token(token_of(OTHER), sources, Secrets((NEW,))) == OTHER
    assert read_submit_token(token_of(DESK), [OTHER], Secrets((NEW,))) is None


def test_the_newest_key_signs_and_an_old_one_still_verifies() -> None:
    assert token_of(DESK, NEW, OLD) == token_of(DESK, NEW) != token_of(DESK, OLD)
    assert read_submit_token(token_of(DESK, OLD), [DESK], Secrets((NEW, OLD))) == DESK
    assert read_submit_token(token_of(DESK, OLD), [DESK], Secrets((NEW,))) is None


def test_anything_else_is_no_token() -> None:
    for token in ("", "a" * 26, token_of(DESK)[:-1], token_of(DESK) + "a", "\udcff€"):
        assert read_submit_token(token, [DESK], Secrets((NEW,))) is None
