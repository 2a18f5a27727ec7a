"""Reading what a server says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.transports.smtp.replies import (
    MAX_LINE_BYTES,
    MAX_LINES,
    GarbledReplyError,
    Reply,
    ReplyReader,
)


def read(*pieces: bytes) -> list[Reply]:
    reader = ReplyReader()
    return [reply for piece in pieces for reply in reader.feed(piece)]


def test_a_reply_of_one_line_is_a_code_and_a_text() -> None:
    assert read(b"250 2.0.0 taken\r\n") == [Reply(250, ("2.0.0 taken",))]


def test_a_reply_of_many_lines_is_one_reply() -> None:
    (reply,) = read(b"250-mx.example\r\n250-SIZE 1000\r\n250 PIPELINING\r\n")
    assert reply.lines == ("mx.example", "SIZE 1000", "PIPELINING")
    assert reply.text == "mx.example SIZE 1000 PIPELINING"


@pytest.mark.parametrize("line", [b"354\r\n", b"354 \r\n", b"354\n"])
def test_a_code_without_words_is_a_reply(line: bytes) -> None:
    (reply,) = read(line)
    assert (reply.code, reply.text, reply.is_intermediate) == (354, "", True)


def test_control_characters_in_a_reply_become_blanks() -> None:
    (reply,) = read(b"550 no\x1b[31m such\xff user\r\n")
    assert reply.text.isprintable()
    assert "such" in reply.text


@given(st.integers(min_value=1, max_value=60))
def test_it_does_not_matter_how_the_octets_are_cut(size: int) -> None:
    octets = b"250-one\r\n250 two\r\n550-5.1.1 no\r\n550 5.1.1 user\r\n354 go\r\n"
    pieces = [octets[start : start + size] for start in range(0, len(octets), size)]
    assert read(*pieces) == read(octets)


@pytest.mark.parametrize(
    "octets",
    [
        b"HTTP/1.1 400 Bad Request\r\n",
        b"\r\n",
        b"25 ok\r\n",
        b"150 hello\r\n",
        b"600 hello\r\n",
        b"250_ok\r\n",
        b"\xb2\xb5\xb0 ok\r\n",
        b"250-one\r\n251 two\r\n",
        b"250 " + b"a" * MAX_LINE_BYTES + b"\r\n",
        b"a" * (MAX_LINE_BYTES + 1),
        b"250-more\r\n" * (MAX_LINES + 1),
    ],
)
def test_what_is_no_reply_is_an_error(octets: bytes) -> None:
    with pytest.raises(GarbledReplyError, match="the server"):
        read(octets)


def test_replies_before_the_garbage_are_still_read() -> None:
    reader = ReplyReader()
    replies = reader.feed(b"250 fine\r\ngarbage\r\n")
    assert next(replies) == Reply(250, ("fine",))
    with pytest.raises(GarbledReplyError):
        next(replies)


@given(st.binary(max_size=300))
def test_no_octets_make_it_fail_in_another_way(octets: bytes) -> None:
    try:
        replies = read(octets)
    except GarbledReplyError:
        return
    assert all(reply.text.isprintable() for reply in replies)
