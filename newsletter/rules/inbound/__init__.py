"""Received mail: read within bounds, told apart, and traced to the token it was sent to."""

from newsletter.rules.inbound.authentication import dmarc_passed
from newsletter.rules.inbound.destinations import (
    Destination,
    OwnNames,
    Purpose,
    envelope_token,
    read_destination,
)
from newsletter.rules.inbound.header import MAX_FIELDS, MAX_HEADER_BYTES
from newsletter.rules.inbound.kinds import came_back, classify, must_not_answer
from newsletter.rules.inbound.mailboxes import MAX_ADDRESSES
from newsletter.rules.inbound.parts import MAX_DEPTH, MAX_PARTS
from newsletter.rules.inbound.reading import (
    MAX_ENCODED_WORDS,
    MAX_MESSAGE_BYTES,
    MAX_RECEIVED,
    read_mail,
)
from newsletter.rules.inbound.repeats import origin_of
from newsletter.rules.inbound.robots import is_automatic

__all__ = [
    "MAX_ADDRESSES",
    "MAX_DEPTH",
    "MAX_ENCODED_WORDS",
    "MAX_FIELDS",
    "MAX_HEADER_BYTES",
    "MAX_MESSAGE_BYTES",
    "MAX_PARTS",
    "MAX_RECEIVED",
    "Destination",
    "OwnNames",
    "Purpose",
    "came_back",
    "classify",
    "dmarc_passed",
    "envelope_token",
    "is_automatic",
    "must_not_answer",
    "origin_of",
    "read_destination",
    "read_mail",
]
