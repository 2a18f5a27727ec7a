"""A message that an MTA pipes into us."""

from io import BytesIO

from newsletter.mailboxes import MAX_MESSAGE_BYTES, Piped, read_piped


def test_a_message_is_read_to_its_end() -> None:
    for message in (b"Subject: x\n\n\xff", b"", b"x" * MAX_MESSAGE_BYTES):
        assert read_piped(BytesIO(message)) == Piped(message, is_whole=True)


def test_of_too_much_the_beginning_is_kept_and_the_rest_is_read() -> None:
    pipe = BytesIO(b"x" * 300_000)
    assert read_piped(pipe, 100_000) == Piped(b"x" * 65_536, is_whole=False)
    assert pipe.read() == b""
