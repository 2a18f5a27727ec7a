"""Indexes beside the one that is kept for the next letters."""

from functools import partial

from newsletter.bootstrap.newsroom import Newsroom
from newsletter.indexing import LexicalIndex, build_index


def index_anew(room: Newsroom) -> "partial[LexicalIndex]":
    """Return what indexes entries as letters see them, for a look that leaves the kept index alone."""
    return partial(build_index, topicality=room.topicality, meaning=room.meaning)
