"""Which token a message was sent to, and what our own mail server says of its sender."""

import pytest

from newsletter.rules.inbound import (
    Destination,
    OwnNames,
    Purpose,
    dmarc_passed,
    envelope_token,
    read_destination,
)
from tests.rules.inbound_samples.received import OWN, letter, mail

US = "mx.news.example.org"
PASS = f"{US}; dmarc=pass header.from=example.net"


@pytest.mark.parametrize(
    ("address", "purpose", "token"),
    [
        ("confirm+abc2@news.example.org", Purpose.CONFIRM, "abc2"),
        ("Preferences+ABC2@News.Example.Org", Purpose.PREFERENCES, "abc2"),
        ("<unsubscribe+abc2@news.example.org>", Purpose.UNSUBSCRIBE, "abc2"),
        ("abc2@bounce.news.example.org", Purpose.BOUNCE, "abc2"),
        ("ABC2@Undo.news.example.org", Purpose.UNDO, "abc2"),
        ("subscribe@news.example.org", Purpose.SUBSCRIBE, None),
        ("unsubscribe@news.example.org", Purpose.UNSUBSCRIBE, None),
        ("help@news.example.org", Purpose.HELP, None),
        ("news@news.example.org", Purpose.NEWS, None),
        ("postmaster@news.example.org", Purpose.POSTMASTER, None),
        ("abuse@news.example.org", Purpose.ABUSE, None),
        ("bounce@news.example.org", Purpose.BOUNCE, None),
    ],
)
def test_an_address_of_ours_is_read(address: str, purpose: Purpose, token: str | None) -> None:
    assert read_destination(address, OWN) == Destination(purpose, token)
    assert envelope_token(mail(letter(), recipient=address), OWN) == Destination(purpose, token)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "news",
        "ada@example.net",
        "confirm+abc2@example.net",
        "confirm+abc2@evilnews.example.org",
        "abc2@confirm.evilnews.example.org",
        "abc2@other.news.example.org",
        "abc2@x.confirm.news.example.org",
        "ada@news.example.org",
        "confirm+@news.example.org",
        "@confirm.news.example.org",
        "confirm+a b@news.example.org",
        "confirm+" + "a" * 65 + "@news.example.org",
        "confirm+" + "a" * 400 + "@news.example.org",
    ],
)
def test_a_foreign_or_broken_address_is_none(address: str) -> None:
    assert read_destination(address, OWN) is None
    assert envelope_token(mail(letter(), recipient=address), OWN) is None


def test_the_envelope_counts_not_what_the_message_says() -> None:
    raw = letter("Delivered-To: unsubscribe+abc2@news.example.org")

    assert envelope_token(mail(raw, recipient="help@news.example.org"), OWN) == Destination(
        Purpose.HELP
    )
    assert envelope_token(mail(raw), OWN) == Destination(Purpose.UNSUBSCRIBE, "abc2")


@pytest.mark.parametrize(
    "fields",
    [
        ("Delivered-To: confirm+abc2@news.example.org", "To: help@news.example.org"),
        ("Delivered-To: box@provider.example", "X-Original-To: confirm+abc2@news.example.org"),
        ("Delivered-To: news@news.example.org", "To: Us <CONFIRM+abc2@news.example.org>"),
        ("To: ada@example.net, x: Us <confirm+abc2@news.example.org>;",),
        ("To: ada@example.net", "Cc: abc2@confirm.news.example.org"),
    ],
)
def test_without_an_envelope_the_fields_tell(fields: tuple[str, ...]) -> None:
    assert envelope_token(mail(letter(*fields)), OWN) == Destination(Purpose.CONFIRM, "abc2")


def test_without_any_name_of_ours_it_was_sent_to_somebody_else() -> None:
    assert envelope_token(mail(letter("To: ada@example.net")), OWN) is None


def test_names_can_be_the_operators_own() -> None:
    own = OwnNames(
        "Lab.example.org",
        (("abo", Purpose.SUBSCRIBE), ("join", Purpose.SUBSCRIBE), ("ok", Purpose.CONFIRM)),
    )

    assert read_destination("join@lab.example.org", own) == Destination(Purpose.SUBSCRIBE)
    assert read_destination("x7@ok.lab.example.org", own) == Destination(Purpose.CONFIRM, "x7")
    assert read_destination("confirm+x7@lab.example.org", own) is None


def passed(*results: str, author: str = "Ada <ada@example.net>", us: str | None = US) -> str | None:
    fields = (f"Authentication-Results: {value}" for value in results)
    return dmarc_passed(mail(letter(*fields, f"From: {author}")), us)


@pytest.mark.parametrize(
    "value",
    [
        PASS,
        PASS.upper(),
        f"{US} 1; dmarc=pass header.from=example.net",
        f'"{US}"; dmarc = pass header.from = "Example.Net"',
        f"{US};\n\tdkim=pass header.d=example.net;\n\tdmarc=pass\n\theader.from=example.net",
        f"{US}; spf=fail smtp.mailfrom=x@y.example; dmarc/1=pass (p=none dis=none) header.from=example.net",
        f'{US} (us); dmarc=pass (a;b " dmarc=fail) policy.dmarc=none header.from=example.net (x)',
        f'{US}; dmarc=pass reason="; dmarc=fail header.from=x.example" header.from=example.net.',
        f"{PASS}; dmarc=pass header.from=example.net",
    ],
)  # fmt: skip
def test_our_servers_pass_is_believed(value: str) -> None:
    assert passed(value) == "example.net"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "none",
        US,
        f"{US}; none",
        f"{US}; ;",
        f"{US}; dmarc=fail header.from=example.net",
        f"{US}; dmarc=none header.from=example.net",
        f"{US}; dmarc=pass",
        f"{US}; dmarc=pass header.from=evil.example",
        f"{US}; dmarc=pass header.from=sub.example.net",
        f"{US}; dmarc=pass header.from=example.net header.from=evil.example",
        f"{US}; dmarc=fail header.from=example.net; dmarc=pass header.from=example.net",
        f"{US}; dkim=pass header.d=example.net; spf=pass smtp.mailfrom=example.net",
        f"{US}; spf=none (dmarc=pass header.from=example.net)",
        f"{US}; spf=none (; dmarc=pass header.from=example.net",
        f'{US}; spf=none reason="; dmarc=pass header.from=example.net"',
        f"{US}; xdmarc=pass header.from=example.net",
        f"{US}; dmarc=passed header.from=example.net",
        f"{US}.evil.example; dmarc=pass header.from=example.net",
        f"x{US}; dmarc=pass header.from=example.net",
        f"(x) evil.example; dmarc=pass header.from=example.net; {US}",
        f"{US}; =?utf-8?q?dmarc=3Dpass_header=2Efrom=3Dexample=2Enet?=",
    ],
)
def test_nothing_else_is(value: str) -> None:
    assert passed(value) is None


def test_only_the_topmost_field_of_our_server_counts() -> None:
    fail = f"{US}; dmarc=fail header.from=example.net"

    assert passed(PASS, fail) == "example.net"
    assert passed(fail, PASS) is None
    assert passed(f"{US}; spf=pass", PASS) is None
    assert passed("other.example; dmarc=fail header.from=example.net", PASS) == "example.net"


def test_nobody_vouches_without_a_server_or_a_clear_author() -> None:
    assert passed(PASS, us=None) is None
    assert passed(PASS, us="") is None
    assert passed(PASS, author="ada@example.net, eve@example.net") is None
    assert passed(PASS, author='"x@evil.example" <ada@EXAMPLE.net>') == "example.net"
    assert passed() is None
