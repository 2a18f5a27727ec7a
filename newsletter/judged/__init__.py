"""Reads collections with judgements, and lists of likes, from plain files. The door of this room."""

from newsletter.judged.folders import read_collection, read_liked

__all__ = ["read_collection", "read_liked"]
