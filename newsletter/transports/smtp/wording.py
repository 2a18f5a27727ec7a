"""From an envelope to the command lines and octets that carry it."""

from collections.abc import Mapping
from typing import Final

from newsletter.errors import MessageError
from newsletter.model import Envelope, Receipt, ReceiptKind, SmtpPhase

MAX_ADDRESS_OCTETS: Final = 254
"""RFC 5321 section 4.5.3.1.3: a path has 256 octets, its angle brackets included."""


def check(envelope: Envelope) -> None:
    """Raise MessageError when the envelope could say more to a server than one message.

    An address that holds a line end, a blank or an angle bracket would begin a command of its
    own, a bare CR or LF in the message may be taken for the end of it by some servers.
    """
    if envelope.sender:  # the empty one is that of answers (RFC 5321 section 4.5.5)
        _check_address("sender", envelope.sender)
    _check_address("recipient", envelope.recipient)
    if envelope.is_clean:
        return
    message = envelope.message
    ends = message.count(b"\r\n")
    if message.count(b"\n") != ends or message.count(b"\r") != ends:
        problem = "a message has a CR or LF that stands alone; every line ends in CRLF"
        raise MessageError(problem)


def refuse(envelope: Envelope, extensions: Mapping[str, str]) -> Receipt | None:
    """Return the receipt when a server with these extensions can never take the message."""
    size = len(envelope.message)
    limit = _size_limit(extensions)
    if limit and size > limit:
        text = f"the message has {size} octets, the relay takes at most {limit}"
        return Receipt(ReceiptKind.REJECTED, SmtpPhase.MAIL, text=text, status="5.3.4")
    if not _is_ascii(envelope) and "SMTPUTF8" not in extensions:
        text = "the address is not ASCII and the relay offers no SMTPUTF8 (RFC 6531)"
        return Receipt(ReceiptKind.REJECTED, SmtpPhase.MAIL, text=text, status="5.6.7")
    if not _is_seven_bit(envelope) and "8BITMIME" not in extensions:
        text = "the message is not ASCII and the relay offers no 8BITMIME (RFC 6152)"
        return Receipt(ReceiptKind.REJECTED, SmtpPhase.MAIL, text=text, status="5.6.3")
    return None


def mail_command(envelope: Envelope, extensions: Mapping[str, str]) -> bytes:
    """Write MAIL with the parameters that the server knows, without its line end."""
    words = [f"MAIL FROM:<{envelope.sender}>"]
    if "SIZE" in extensions:
        words.append(f"SIZE={len(envelope.message)}")
    if not _is_seven_bit(envelope):
        words.append("BODY=8BITMIME")
    if not _is_ascii(envelope):
        words.append("SMTPUTF8")
    return " ".join(words).encode()


def rcpt_command(envelope: Envelope) -> bytes:
    """Write RCPT without its line end."""
    return f"RCPT TO:<{envelope.recipient}>".encode()


def body_of(envelope: Envelope) -> bytes:
    """Return the message as it goes over the wire, without its final dot."""
    return envelope.message if envelope.is_clean else stuff(envelope.message)


def stuff(message: bytes) -> bytes:
    """Double each dot at the start of a line (RFC 5321 section 4.5.2) and end the last line."""
    if message.startswith(b"."):
        message = b"." + message
    if b"\n." in message:
        message = message.replace(b"\n.", b"\n..")
    return message if message.endswith(b"\r\n") or not message else message + b"\r\n"


def _is_seven_bit(envelope: Envelope) -> bool:
    return envelope.is_clean or envelope.message.isascii()


def _is_ascii(envelope: Envelope) -> bool:
    return envelope.sender.isascii() and envelope.recipient.isascii()


def _size_limit(extensions: Mapping[str, str]) -> int:
    """Return the limit of RFC 1870, 0 when there is none or none is told."""
    limit = extensions.get("SIZE", "")
    return int(limit) if limit.isascii() and limit.isdigit() else 0


def _check_address(role: str, address: str) -> None:
    if not address.isprintable() or "<" in address or ">" in address or " " in address:
        raise MessageError(f"{role} {address!r} holds a character that no address can have")
    local, _, domain = address.rpartition("@")
    if not local or not domain or len(address.encode()) > MAX_ADDRESS_OCTETS:
        raise MessageError(f"{role} {address!r} is no mail address")
