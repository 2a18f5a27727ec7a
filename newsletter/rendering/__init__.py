"""Turns a letter into HTML and text: MJML compiled once, Jinja filled in for every letter."""

from newsletter.rendering.answers import (
    ANSWER_HTML,
    ANSWER_TEXT,
    RenderAnswer,
    make_answer_renderer,
)
from newsletter.rendering.latex import readable, readable_content
from newsletter.rendering.letters import EDITION_HTML, EDITION_TEXT, make_renderer
from newsletter.rendering.templates import read_templates

__all__ = [
    "ANSWER_HTML",
    "ANSWER_TEXT",
    "EDITION_HTML",
    "EDITION_TEXT",
    "RenderAnswer",
    "make_answer_renderer",
    "make_renderer",
    "read_templates",
    "readable",
    "readable_content",
]
