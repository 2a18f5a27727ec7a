"""Tokens that a letter carries: what we signed is read back, everything else is nothing."""

import hmac
from base64 import b32encode
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.errors import ConfigError
from newsletter.model import (
    EditionId,
    EmailAddress,
    Letterhead,
    Slot,
    SlotKind,
    SubscriberId,
)
from newsletter.rules.addresses import (
    Secrets,
    TokenPurpose,
    edition_id,
    letter_links,
    letter_token,
    message_id,
    parse_address,
    read_letter_token,
    read_verp,
    verp_sender,
)

SECRETS = Secrets((b"an old and a long enough key",))
SLOT = Slot(date(2026, 11, 23), datetime(2026, 11, 23, 7, 0, tzinfo=UTC), "Europe/Paris")
ADA = SubscriberId("ada")
EDITION = edition_id(ADA, SLOT)
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"

subscribers = st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1).map(
    SubscriberId
)
purposes = st.sampled_from(TokenPurpose)


def letterhead(url: str | None) -> Letterhead:
    return Letterhead(
        name="Paper Round",
        url=url,
        domain="news.example.org",
        from_address=EmailAddress("news@news.example.org"),
        from_name="Paper Round",
        postal_address="1 Example Street",
        owner=EmailAddress("editor@example.org"),
    )


@given(subscribers, st.dates(), purposes)
def test_a_token_is_read_back_in_any_case(
    subscriber: SubscriberId, day: date, purpose: TokenPurpose
) -> None:
    edition = edition_id(subscriber, replace(SLOT, local_date=day))
    token = letter_token(purpose, edition, SECRETS)
    assert len(edition) == 20
    assert len(token) == 48
    assert set(token) <= set(ALPHABET)
    assert read_letter_token(purpose, token, SECRETS) == edition
    assert read_letter_token(purpose, token.upper(), SECRETS) == edition


@given(st.binary(min_size=16, max_size=200), purposes)
@example(b"k" * 64, TokenPurpose.UNSUBSCRIBE)
@example(b"k" * 65, TokenPurpose.UNSUBSCRIBE)
def test_a_token_is_signed_as_rfc_2104_says(key: bytes, purpose: TokenPurpose) -> None:
    signed, named = (
        b32encode(hmac.digest(key, text.encode(), "sha256")).decode().lower()
        for text in (f"{purpose}\0{EDITION}", "key")
    )
    token = letter_token(purpose, EDITION, Secrets((key,)))
    assert token[:22] == EDITION + named[:2]
    assert (token[22:] == signed[:26]) == (purpose is not TokenPurpose.VIEW)


@given(st.binary(min_size=16, max_size=80))
def test_to_unsubscribe_and_to_view_are_the_two_halves_of_one_signature(key: bytes) -> None:
    signed = hmac.digest(key, f"unsubscribe\0{EDITION}".encode(), "sha256")
    bits = f"{int.from_bytes(signed, 'big'):0256b}"
    halves = (
        "".join(ALPHABET[int(part[i : i + 5], 2)] for i in range(0, 130, 5))
        for part in (bits[:130], bits[-130:])
    )
    secrets = Secrets((key,))
    for purpose, half in zip((TokenPurpose.UNSUBSCRIBE, TokenPurpose.VIEW), halves, strict=True):
        assert letter_token(purpose, EDITION, secrets)[22:] == half


@given(purposes, st.integers(0, 47), st.sampled_from(ALPHABET))
def test_a_token_with_one_other_character_is_nothing(
    purpose: TokenPurpose, place: int, letter: str
) -> None:
    token = letter_token(purpose, EDITION, SECRETS)
    changed = token[:place] + letter + token[place + 1 :]
    expected = EDITION if changed == token else None
    assert read_letter_token(purpose, changed, SECRETS) == expected


@given(purposes, purposes)
def test_a_token_for_another_purpose_is_nothing(made: TokenPurpose, read: TokenPurpose) -> None:
    token = letter_token(made, EDITION, SECRETS)
    assert (read_letter_token(read, token, SECRETS) is None) == (made is not read)


@given(purposes, st.text(max_size=60))
def test_any_text_is_read_without_an_error(purpose: TokenPurpose, text: str) -> None:
    assert read_letter_token(purpose, text, SECRETS) is None


def test_a_letter_that_looks_like_another_is_no_letter_of_a_token() -> None:
    days = (SLOT.local_date + timedelta(days=number) for number in range(1024))
    editions = (edition_id(ADA, replace(SLOT, local_date=day)) for day in days)
    edition = next(edition for edition in editions if edition.startswith("k"))
    token = letter_token(TokenPurpose.UNSUBSCRIBE, edition, SECRETS)
    kelvin = "\u212a" + token[1:]
    assert kelvin.lower() == token
    assert read_letter_token(TokenPurpose.UNSUBSCRIBE, kelvin, SECRETS) is None


def test_an_old_key_verifies_after_rotation_and_a_dropped_one_does_not() -> None:
    token = letter_token(TokenPurpose.UNSUBSCRIBE, EDITION, SECRETS)
    new = b"a new and a long enough key"
    rotated = Secrets((new, *SECRETS.keys))
    assert read_letter_token(TokenPurpose.UNSUBSCRIBE, token, rotated) == EDITION
    assert letter_token(TokenPurpose.UNSUBSCRIBE, EDITION, rotated) != token
    assert read_letter_token(TokenPurpose.UNSUBSCRIBE, token, Secrets((new,))) is None


@pytest.mark.parametrize("keys", [(), (b"short",), (b"a long enough key indeed", b"")])
def test_keys_that_could_be_guessed_are_refused(keys: tuple[bytes, ...]) -> None:
    with pytest.raises(ConfigError, match=r"newsletter\.secret"):
        Secrets(keys)


def test_keys_are_never_shown() -> None:
    assert "long enough" not in repr(SECRETS)


def test_a_scheduled_edition_is_one_per_day_and_a_manual_one_is_one_per_moment() -> None:
    later = SLOT.begins_at + timedelta(hours=1)
    manual = replace(SLOT, kind=SlotKind.MANUAL)
    assert edition_id(ADA, replace(SLOT, begins_at=later, timezone="UTC")) == EDITION
    assert edition_id(ADA, manual) != EDITION
    assert edition_id(ADA, replace(manual, begins_at=later)) != edition_id(ADA, manual)
    assert edition_id(SubscriberId("bob"), SLOT) != EDITION


@given(st.lists(st.integers(0, 2**64 - 1), min_size=2, max_size=2, unique=True), st.dates())
def test_what_is_planned_together_stands_together(numbers: list[int], day: date) -> None:
    slot, other = replace(SLOT, local_date=day), replace(SLOT, kind=SlotKind.MANUAL, local_date=day)
    one, two = (SubscriberId(f"{number:016x}") for number in numbers)
    first, second = edition_id(one, slot), edition_id(two, slot)
    assert first[:2] == second[:2] == edition_id(one, other)[:2]
    assert (first[:4] == second[:4]) == (numbers[0] >> 54 == numbers[1] >> 54)
    assert len({first[4:], second[4:], edition_id(one, other)[4:]}) == 3


def test_the_envelope_sender_leads_a_bounce_back_to_its_edition() -> None:
    sender = verp_sender(EDITION, SECRETS, "news.example.org")
    assert parse_address(sender) == sender
    assert sender.startswith("bounce+")
    assert read_verp(sender.upper(), SECRETS) == EDITION
    token = sender.partition("+")[2].partition("@")[0]
    assert read_verp(f"{token}@bounce.news.example.org", SECRETS) == EDITION


def test_an_address_that_we_never_sent_from_is_no_bounce_of_ours() -> None:
    wrong = letter_token(TokenPurpose.UNSUBSCRIBE, EDITION, SECRETS)
    assert read_verp(f"bounce+{wrong}@news.example.org", SECRETS) is None
    assert read_verp("bounce@news.example.org", SECRETS) is None
    assert read_verp("", SECRETS) is None


def test_the_message_id_is_the_same_each_time_and_another_for_everyone() -> None:
    first = message_id(EDITION, ADA, SECRETS, "news.example.org")
    assert first == message_id(EDITION, ADA, SECRETS, "news.example.org")
    assert first.startswith(f"<{EDITION}.")
    assert first.endswith("@news.example.org>")
    other = message_id(EDITION, SubscriberId("bob"), SECRETS, "news.example.org")
    assert other != first


def test_links_lead_to_the_page_and_the_mailbox_with_the_same_token() -> None:
    links = letter_links(EditionId(EDITION), SECRETS, letterhead("https://news.example.org"))
    token = letter_token(TokenPurpose.UNSUBSCRIBE, EDITION, SECRETS)
    assert links.unsubscribe_url == f"https://news.example.org/unsubscribe/{token}"
    local, _, rest = links.unsubscribe_mailto.removeprefix("mailto:").partition("@")
    assert local == f"unsubscribe+{token}"
    assert len(local) <= 64
    assert rest == "news.example.org?subject=unsubscribe"
    assert links.help_mailto == "mailto:help@news.example.org?subject=help"
    assert links.preferences_mailto == "mailto:news@news.example.org?subject=show"


def test_links_lead_to_the_letter_as_a_page_and_to_the_preferences() -> None:
    links = letter_links(EditionId(EDITION), SECRETS, letterhead("https://news.example.org"))
    base, _, token = (links.view_url or "").rpartition("/")
    assert base == "https://news.example.org/letters"
    assert read_letter_token(TokenPurpose.VIEW, token, SECRETS) == EDITION
    assert links.preferences_url == "https://news.example.org/preferences"
    without = letter_links(EditionId(EDITION), SECRETS, letterhead(None))
    assert (without.view_url, without.preferences_url) == (None, None)


@pytest.mark.parametrize("url", [None, "http://127.0.0.1:8080"])
def test_without_https_pages_a_letter_is_left_by_mail_alone(url: str | None) -> None:
    assert letter_links(EDITION, SECRETS, letterhead(url)).unsubscribe_url is None
