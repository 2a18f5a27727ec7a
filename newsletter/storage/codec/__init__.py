"""Nouns as JSON and back, by hand: what is stored must not change because a class did.

Writing is canonical (sorted keys, ASCII, no spaces), so that equal things have equal hashes.
Reading is strict about what is there (RecordError names the key) and lenient about what is not
known, so that an older program reads what a newer one wrote.
"""

from newsletter.storage.codec.dressings import read_dressing, write_dressing
from newsletter.storage.codec.editions import (
    read_edition,
    read_numbered_edition,
    write_edition,
    write_short_edition,
)
from newsletter.storage.codec.entries import (
    read_content,
    read_report,
    write_content,
    write_report,
)
from newsletter.storage.codec.json import (
    content_hash,
    dump,
    read_mapping,
    read_texts,
    write_known_texts,
)
from newsletter.storage.codec.matches import read_match, write_match
from newsletter.storage.codec.preferences import read_preferences, write_preferences
from newsletter.storage.codec.public_editions import (
    PublicDecision,
    read_public_edition,
    write_public_edition,
)

__all__ = [
    "PublicDecision",
    "content_hash",
    "dump",
    "read_content",
    "read_dressing",
    "read_edition",
    "read_mapping",
    "read_match",
    "read_numbered_edition",
    "read_preferences",
    "read_public_edition",
    "read_report",
    "read_texts",
    "write_content",
    "write_dressing",
    "write_edition",
    "write_known_texts",
    "write_match",
    "write_preferences",
    "write_public_edition",
    "write_report",
    "write_short_edition",
]
