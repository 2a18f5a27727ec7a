"""A message that an MTA pipes into us."""

from io import BytesIO

from newsletter.mailboxes import MAX_MESSAGE_BYTES, read_piped


def test_a_message_is_read_to_its_end() -> None:
    assert read_piped(BytesIO(b"Subject: x\n\n\xff")) == b"Subject: x\n\n\xff"
    assert read_piped(BytesIO(b"")) == b""
    most = b"x" * MAX_MESSAGE_BYTES
    assert read_piped(BytesIO(most)) == most


def test_too_much_is_read_and_dropped() -> None:
    pipe = BytesIO(b"x" * 300_000)
    assert read_piped(pipe, 1000) is None
    assert pipe.read() == b""
