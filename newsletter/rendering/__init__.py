"""Turns a letter into HTML and text: MJML compiled once, Jinja filled in for every letter."""

from typing import TYPE_CHECKING, Final

from newsletter.doors import hand_out
from newsletter.rendering.templates import read_templates

if TYPE_CHECKING:
    from newsletter.rendering.answers import (
        ANSWER_HTML,
        ANSWER_TEXT,
        RenderAnswer,
        make_answer_renderer,
    )
    from newsletter.rendering.latex import readable, readable_content
    from newsletter.rendering.letters import EDITION_HTML, EDITION_TEXT, make_renderer
    from newsletter.rendering.views import EntryView, view_entry

_LATE: Final = {
    "answers": ("ANSWER_HTML", "ANSWER_TEXT", "RenderAnswer", "make_answer_renderer"),
    "latex": ("readable", "readable_content"),
    "letters": ("EDITION_HTML", "EDITION_TEXT", "make_renderer"),
    "views": ("EntryView", "view_entry"),
}
"""Most commands make no letter, and who only delivers letters answers nobody."""

__all__ = [
    "ANSWER_HTML",
    "ANSWER_TEXT",
    "EDITION_HTML",
    "EDITION_TEXT",
    "EntryView",
    "RenderAnswer",
    "make_answer_renderer",
    "make_renderer",
    "read_templates",
    "readable",
    "readable_content",
    "view_entry",
]


if not TYPE_CHECKING:  # else every wrong name would look right to the checker

    def __getattr__(name: str) -> object:
        """Hand out what stands in a module that is loaded only when it is asked for."""
        return hand_out(__name__, _LATE, name)
