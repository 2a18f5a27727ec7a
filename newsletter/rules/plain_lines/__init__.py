"""A message as lines: HTML read as text, and what its writer wrote without what was quoted."""

from newsletter.rules.plain_lines.html import BLOCKS, html_lines, markup_pieces, markup_tags
from newsletter.rules.plain_lines.line import PlainLine, tidy
from newsletter.rules.plain_lines.own import own_lines, written

__all__ = [
    "BLOCKS",
    "PlainLine",
    "html_lines",
    "markup_pieces",
    "markup_tags",
    "own_lines",
    "tidy",
    "written",
]
