"""Feeds of the web: RSS, Atom and RDF by a library that forgives them much, JSON Feed by ourselves."""

from newsletter.sources.feeds.json_feed import looks_like_json
from newsletter.sources.feeds.posts import ReadFeed
from newsletter.sources.feeds.source import MOST_FEED_BYTES, FeedSource, read_feed

__all__ = ["MOST_FEED_BYTES", "FeedSource", "ReadFeed", "looks_like_json", "read_feed"]
