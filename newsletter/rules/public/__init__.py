"""What public editions are called, and how they are laid out by months."""

from newsletter.rules.public.calendar import Month, Week, months
from newsletter.rules.public.names import entry_tag, feed_tag, topic_slugs
from newsletter.rules.public.private_feeds import feed_token, read_feed_token

__all__ = [
    "Month",
    "Week",
    "entry_tag",
    "feed_tag",
    "feed_token",
    "months",
    "read_feed_token",
    "topic_slugs",
]
