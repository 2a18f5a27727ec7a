"""Feeds of the web: RSS, Atom and RDF by a library that forgives them much, JSON Feed by ourselves."""

from newsletter.sources.feeds.source import FeedSource

__all__ = ["FeedSource"]
