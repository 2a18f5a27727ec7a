"""A body in quoted-printable arrives as it was written, whatever it holds."""

from binascii import a2b_qp
from itertools import accumulate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.rules.messages import encode_body

hostile = st.text(
    st.sampled_from(" \t\r\n.=-Fromé漢🙂\x00\u2028\u0085") | st.characters(codec="utf-8"),
    max_size=400,
)


def arrived(encoded: bytes) -> str:
    return a2b_qp(encoded).decode()


def as_lines(text: str) -> str:
    """Return `text` with CRLF at the end of each line, the last one included."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    whole = lines if lines.endswith("\n") or not lines else lines + "\n"
    return whole.replace("\n", "\r\n")


@given(hostile)
@example("é" * 200)
@example("=" * 200)
@example("." * 200)
@example("x" * 75 + ".\n" + "x" * 76 + ".\n" + "x" * 77)
@example("x" * 75 + "From here")
@example("x" * 75 + " \nx\t")
@example("From " * 60)
@example("=." * 120)
@example("x.." * 80)
@example("From me\n.\n..\n\n")
def test_every_body_arrives_in_lines_that_travel(text: str) -> None:
    encoded = encode_body(text)
    assert arrived(encoded) == as_lines(text)
    assert encoded == b"" or encoded.endswith(b"\r\n")
    for line in encoded.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 76
        assert all(0x20 <= octet < 0x7F or octet == 0x09 for octet in line)
        assert not line.startswith((b".", b"From "))
        assert not line.endswith((b" ", b"\t"))


@given(hostile, hostile)
def test_fragments_of_whole_lines_can_be_encoded_apart(first: str, second: str) -> None:
    whole = first + "\n"
    assert encode_body(whole) + encode_body(second) == encode_body(whole + second)


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("", b""),
        ("\n", b"\r\n"),
        ("a = b\n", b"a =3D b\r\n"),
        ("café", b"caf=C3=A9\r\n"),
        (".\n..\n", b"=2E\r\n=2E.\r\n"),
        ("end \n", b"end=20\r\n"),
        ("a\x00b\rc", b"a=00b\r\nc\r\n"),
        ("half \ud83d.", b"half =EF=BF=BD.\r\n"),
    ],
)
def test_what_stands_on_the_wire(text: str, encoded: bytes) -> None:
    assert encode_body(text) == encoded


def test_a_long_line_is_cut_at_76_but_never_inside_an_escape() -> None:
    assert encode_body("x" * 77) == b"x" * 75 + b"=\r\nxx\r\n"
    assert encode_body("x" * 74 + "éé") == b"x" * 74 + b"=\r\n=C3=A9=C3=A9\r\n"
    assert encode_body("x" * 73 + "éé") == b"x" * 73 + b"=\r\n=C3=A9=C3=A9\r\n"
    assert encode_body("x" * 72 + "éé") == b"x" * 72 + b"=C3=\r\n=A9=C3=A9\r\n"


def cuts(line: bytes) -> list[int]:
    """Return where an encoded line must be cut, one place after the other."""
    found: list[int] = []
    start = 0
    while len(line) > 76 and len(line) - start > 75:
        start += 75
        while b"=" in line[start - 2 : start] or line.startswith((b".", b"From "), start):
            start -= 1
        found.append(start)
    return found


@given(st.text("a.=Fü", min_size=70) | hostile)
@example("x" * 70 + "From there " * 20)
@example("x" * 74 + "." * 90)
@example("x" * 76)
def test_a_line_is_cut_at_the_last_place_where_it_may(text: str) -> None:
    whole = encode_body(text).replace(b"=\r\n", b"\x00")
    for line in whole.split(b"\r\n"):
        pieces = line.split(b"\x00")
        assert cuts(b"".join(pieces)) == [*accumulate(map(len, pieces))][:-1]
