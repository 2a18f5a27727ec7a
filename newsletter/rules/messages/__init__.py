"""Messages: the bytes of a letter (RFC 5322 and MIME), the same for the same letter."""

from newsletter.rules.messages.bodies import encode_body, encode_line
from newsletter.rules.messages.headers import MessageHeaders
from newsletter.rules.messages.letters import assemble, build
from newsletter.rules.messages.notices import Notice, write_notice

__all__ = [
    "MessageHeaders",
    "Notice",
    "assemble",
    "build",
    "encode_body",
    "encode_line",
    "write_notice",
]
