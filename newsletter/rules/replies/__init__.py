"""A reply that was sent back → the preferences document that its writer meant, or why none is read."""

from newsletter.rules.replies.finding import find_block
from newsletter.rules.replies.found import Found, NoBlock, SeenLine, Why

__all__ = ["Found", "NoBlock", "SeenLine", "Why", "find_block"]
