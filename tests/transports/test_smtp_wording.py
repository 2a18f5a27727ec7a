"""From an envelope to what is said."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import MessageError
from newsletter.model import EmailAddress, Envelope, ReceiptKind
from newsletter.transports.smtp.wording import body_of, check, mail_command, refuse, stuff


def envelope(
    recipient: str = "ada@example.org",
    sender: str = "bounce@news.example",
    message: bytes = b"A: b\r\n\r\nc\r\n",
) -> Envelope:
    return Envelope(EmailAddress(sender), EmailAddress(recipient), message)


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.org\r\nRCPT TO:<eve@example.org>",
        "ada@example.org\nDATA",
        "ada@example.org> SIZE=1",
        "<ada@example.org",
        "ada lovelace@example.org",
        "ada\0@example.org",
        "ada\x85@example.org",
        "ada\u2028@example.org",
        "ada",
        "@example.org",
        "ada@",
        "a" * 250 + "@example.org",
        "",
    ],
)
def test_an_address_that_says_more_than_an_address_is_refused(address: str) -> None:
    with pytest.raises(MessageError, match="recipient"):
        check(envelope(recipient=address))


def test_a_bad_sender_is_refused_but_an_empty_one_is_that_of_answers() -> None:
    with pytest.raises(MessageError, match="sender"):
        check(envelope(sender="a b@example.org"))
    check(envelope(sender=""))


@pytest.mark.parametrize("message", [b"A: b\n\nc\r\n", b"A: b\r\r\n\r\n", b"A\r\n\r\n\n.\r\nMAIL"])
def test_a_lone_cr_or_lf_cannot_hide_an_end_of_data(message: bytes) -> None:
    with pytest.raises(MessageError, match="CR or LF"):
        check(envelope(message=message))


def test_parameters_are_only_those_that_the_server_knows() -> None:
    letter = envelope(recipient="ädä@example.org", message="A: b\r\n\r\nä\r\n".encode())
    everything = {"SIZE": "1000", "8BITMIME": "", "SMTPUTF8": ""}
    assert mail_command(envelope(), {}) == b"MAIL FROM:<bounce@news.example>"
    assert (
        mail_command(letter, everything)
        == b"MAIL FROM:<bounce@news.example> SIZE=12 BODY=8BITMIME SMTPUTF8"
    )


@pytest.mark.parametrize(
    ("letter", "extensions", "status"),
    [
        (envelope("ädä@example.org"), {"8BITMIME": ""}, "5.6.7"),
        (envelope(message=b"A: b\r\n\r\n\xc3\xa4\r\n"), {"SMTPUTF8": ""}, "5.6.3"),
        (envelope(), {"SIZE": "5"}, "5.3.4"),
    ],
)
def test_what_a_server_can_never_take_is_rejected_with_a_reason(
    letter: Envelope, extensions: dict[str, str], status: str
) -> None:
    receipt = refuse(letter, extensions)
    assert receipt is not None
    assert (receipt.kind, receipt.status) == (ReceiptKind.REJECTED, status)
    assert receipt.text


@pytest.mark.parametrize("size", ["0", "", "nonsense", "1000"])
def test_a_size_limit_that_does_not_bind_refuses_nothing(size: str) -> None:
    assert refuse(envelope(), {"SIZE": size}) is None


LINES = st.lists(st.sampled_from([b"", b".", b"..", b".a", b"a.", b"text"]), max_size=8)


@given(LINES)
def test_a_stuffed_message_has_no_end_of_data_and_is_read_back_whole(lines: list[bytes]) -> None:
    message = b"".join(line + b"\r\n" for line in lines)
    stuffed = stuff(message)
    assert b".\r\n" not in {line + b"\r\n" for line in stuffed.split(b"\r\n")[:-1]}
    read = [line[1:] if line.startswith(b".") else line for line in stuffed.split(b"\r\n")]
    assert b"\r\n".join(read) == message


def test_a_message_without_a_last_line_end_gets_one() -> None:
    assert stuff(b"A: b\r\n\r\nend") == b"A: b\r\n\r\nend\r\n"


def test_a_message_that_is_vouched_for_is_not_looked_through_again() -> None:
    # Given one for which the word was broken, so that looking would show
    loose = replace(envelope(message=b"A: b\n\n.c\r\n"), is_clean=True)
    check(loose)
    assert body_of(loose) is loose.message
    assert body_of(envelope(message=b"A: b\r\n\r\n.c\r\n")).endswith(b"\r\n..c\r\n")


def test_no_word_vouches_for_an_address() -> None:
    with pytest.raises(MessageError, match="recipient"):
        check(replace(envelope(recipient="ada@example.org\r\nDATA"), is_clean=True))
