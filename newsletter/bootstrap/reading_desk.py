"""Letters as pages and private feeds, over a newsroom."""

from newsletter.bootstrap.newsroom import Newsroom
from newsletter.model import Subscriber
from newsletter.rules.public import feed_token
from newsletter.workflows import LetterReader, ReadingPorts


def letter_reader(room: Newsroom) -> LetterReader:
    """Return who shows letters, and the feeds of subscribers, to those who hold their tokens."""
    return LetterReader(ReadingPorts(room.subscribers, room.ledger, room.press, room.clock))


def feed_address(room: Newsroom, person: Subscriber) -> str | None:
    """Return where the private feed of a subscriber is; None without https pages, or for no subscriber."""
    token = feed_token(person, room.press.secrets)
    url = room.config.newsletter.public_url
    return f"{url}/feeds/{token}/feed.atom" if url and token else None
