"""Messages: the bytes of a letter (RFC 5322 and MIME), the same for the same letter."""

from newsletter.rules.messages.bodies import encode_body, encode_line
from newsletter.rules.messages.headers import MessageHeaders
from newsletter.rules.messages.letters import assemble, build
from newsletter.rules.messages.notices import Notice, write_notice
from newsletter.rules.messages.replies import AutoSubmitted, ReplyHeaders, assemble_reply

__all__ = [
    "AutoSubmitted",
    "MessageHeaders",
    "Notice",
    "ReplyHeaders",
    "assemble",
    "assemble_reply",
    "build",
    "encode_body",
    "encode_line",
    "write_notice",
]
