"""Where the mailbox is and how it is opened, in the spelling of IMAP."""

from base64 import b64encode
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ImapLogin:
    """One mailbox. TLS from the first octet, always."""

    host: str
    username: str
    password: str = field(repr=False)
    port: int = 993
    folder: str = "INBOX"


def quoted(text: str) -> str:
    """Return `text` as a quoted string of IMAP (RFC 3501 section 4.3).

    Raises ValueError for what cannot stand in one: control characters and letters beyond ASCII.
    """
    if not text.isascii() or not text.isprintable():
        message = "holds characters that cannot be sent in a quoted string"
        raise ValueError(message)
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def folder_name(name: str) -> str:
    """Return the name of a folder as it is sent: modified UTF-7 (RFC 3501 section 5.1.3), quoted."""
    sent: list[str] = []
    shifted = ""
    for letter in [*name, ""]:
        is_plain = letter.isascii() and (letter.isprintable() or not letter)
        if is_plain and shifted:
            coded = b64encode(shifted.encode("utf-16-be")).decode("ascii")
            sent.append(f"&{coded.rstrip('=').replace('/', ',')}-")
            shifted = ""
        if is_plain:
            sent.append("&-" if letter == "&" else letter)
        else:
            shifted += letter
    return quoted("".join(sent))
