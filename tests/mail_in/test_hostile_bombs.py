"""Messages made to be slow, or to break what reads them."""

from collections.abc import Callable, Iterator

import pytest

from tests.mail_in.attacks import ADA, BOB, MALLORY, NEWS, attack, mail, preferences_address
from tests.mail_in.conftest import open_office
from tests.mail_in.post_office import Window


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """A newsletter with two subscribers; no message here changes it."""
    with open_office(tmp_path_factory.mktemp("bombs")) as office:
        office.admit(ADA, BOB)
        with office.window() as window:
            yield window


@pytest.fixture(scope="module")
def obeying(window: Window) -> str:
    """Return the address with a token of ours: who writes there has somebody's preferences in hand."""
    return preferences_address(window, ADA)


LAUGHS = "\n".join(
    f"{name}: &{name} [{', '.join([f'*{before}' if before else 'x'] * 9)}]"
    for before, name in zip(" abcdefgh".replace(" ", "\0"), "abcdefghi", strict=True)
).replace("*\0", "x")
BOMBS: dict[str, Callable[[], str]] = {
    "yaml, laughs": lambda: block(LAUGHS),
    "yaml, depth": lambda: block("topics: " + "[" * 20_000),
    "yaml, keys": lambda: block("\n".join(f"k{number}: 1" for number in range(50_000))),
    "yaml, one line": lambda: block("name: " + "x" * 900_000),
    "yaml, a tag": lambda: block("name: !!python/object/apply:os.system [id]"),
    "yaml, a number": lambda: block("at_most: " + "9" * 50_000),
    "yaml, sixties": lambda: block("at_most: " + "1:" * 20_000 + "1"),
    "query, depth": lambda: block("topics: [{name: x, query: '" + "(" * 50_000 + "'}]"),
    "query, stars": lambda: block("topics: [{name: x, query: '" + "a* " * 50_000 + "'}]"),
    "a line": lambda: "x" * 1_000_000,
    "a line of commands": lambda: "subscribe " + "a, " * 300_000,
    "lines": lambda: "\n" * 900_000,
    "commands": lambda: "add x\n" * 160_000,
    "quotes": lambda: "> " * 490_000,
    "quotes in lines": lambda: "\n".join(">" * number + " x" for number in range(1_300)),
    "marks": lambda: "# BEGIN PREFERENCES\n" * 49_000,
    "spaces": lambda: "daily" + " " * 900_000 + "x",
    "please": lambda: "please " * 140_000,
    "quotation marks": lambda: 'add "' * 190_000,
    "combining": lambda: "e" + "\u0301" * 490_000,
}


def block(text: str) -> str:
    return f"# BEGIN PREFERENCES\n{text}\n# END PREFERENCES\n"


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_in_the_text_does_no_harm(window: Window, obeying: str, name: str) -> None:
    text = BOMBS[name]()
    kind = "Content-Type: text/plain; charset=utf-8"
    for to in (NEWS, obeying):
        answers = attack(window, mail("Subject: Re: x", kind, body=text)[:999_000], to)
        assert len(answers) <= 1
        assert all(len(one.as_bytes()) < 200_000 for one in answers)


HTML: dict[str, Callable[[], str]] = {
    "depth": lambda: "<div>" * 190_000,
    "quotes": lambda: "<blockquote>" * 80_000,
    "open tags": lambda: "<" * 990_000,
    "attributes": lambda: "<a " + "x=" * 400_000,
    "entities": lambda: "&#x1f600;" * 100_000 + "&amp" * 20_000,
    "comments": lambda: "<!--" * 240_000,
    "table": lambda: "<table><tr><td>" * 60_000,
    "declarations": lambda: "<!DOCTYPE x [" + "<!ENTITY a '&a;&a;'>" * 40_000,
    "styles": lambda: "<style>" * 140_000,
}


@pytest.mark.parametrize("name", HTML)
def test_a_bomb_in_html_does_no_harm(window: Window, obeying: str, name: str) -> None:
    raw = mail("Content-Type: text/html; charset=utf-8", body=HTML[name]())[:999_000]
    for to in (NEWS, obeying):
        assert len(attack(window, raw, to)) <= 1


def nested(depth: int) -> str:
    text = "Content-Type: text/plain\r\n\r\nhelp\r\n"
    for level in range(depth):
        mark = f"b{level}"
        text = f'Content-Type: multipart/mixed; boundary="{mark}"\r\n\r\n--{mark}\r\n{text}\r\n--{mark}--\r\n'
    return text


SHAPES: dict[str, Callable[[], bytes]] = {
    "parts in parts": f"From: {MALLORY}\r\n{nested(2_000)}".encode,
    "parts": lambda: mail(
        'Content-Type: multipart/mixed; boundary="b"', body="--b\r\n\r\nhelp\r\n" * 60_000
    ),
    "one boundary for all": lambda: mail(
        'Content-Type: multipart/mixed; boundary="b"',
        body='--b\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n' * 15_000,
    ),
    "reports in reports": lambda: mail(
        'Content-Type: multipart/report; boundary="b"',
        body="--b\r\nContent-Type: message/delivery-status\r\n\r\n" + "Action: failed\n\n" * 60_000,
    ),
    "encoded words": lambda: mail("Subject: " + "=?utf-8?q?x?= " * 50_000, body="help"),
    "an encoded word": lambda: mail("Subject: =?utf-8?b?" + "A" * 60_000, body="help"),
    "addresses": lambda: mail("To: " + "a@b.example, " * 100_000, body="help"),
    "addresses in the From field": lambda: mail(sender="a@b.example, " * 4_000, body="help"),
    "comments": lambda: mail(sender="(" * 60_000 + "a@b.example", body="help"),
    "groups": lambda: mail(sender="a:" * 30_000, body="help"),
    "quoted pairs": lambda: mail(sender='"' + "\\" * 60_000, body="help"),
    "fields": lambda: mail(*(f"X-{number}: y" for number in range(5_000)), body="help"),
    "a field": lambda: mail("X: " + "y" * 900_000, body="help"),
    "folds": lambda: mail("Subject: x" + "\r\n " * 20_000, body="help"),
    "received": lambda: mail(*("Received: from x" for _ in range(100)), body="help"),
    "parameters": lambda: mail("Content-Type: text/plain" + "; a*0*=x" * 8_000, body="help"),
    "a charset": lambda: mail("Content-Type: text/plain; charset=" + "x" * 50_000, body="help"),
    "idna": lambda: mail("Content-Type: text/plain; charset=idna", body="xn--" * 200_000),
    "punycode": lambda: mail("Content-Type: text/plain; charset=punycode", body="a" * 900_000),
    "base64": lambda: mail("Content-Transfer-Encoding: base64", body="=" * 900_000),
    "printable": lambda: mail(
        "Content-Transfer-Encoding: quoted-printable", body="=\r\n" * 300_000
    ),
    "results": lambda: mail(
        "Authentication-Results: mx.example.org" + "; dmarc=pass (((" * 3_500, body="unsubscribe"
    ),
    "nothing": lambda: b"",
    "no header": lambda: b"\r\n\r\nhelp",
    "octets": lambda: bytes(range(256)) * 3_000,
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_bomb_of_a_message_does_no_harm(window: Window, name: str) -> None:
    raw = SHAPES[name]()
    assert len(attack(window, raw)) <= 1
    assert attack(window, raw, f"bounce+{'a' * 48}@news.example.org") == []
