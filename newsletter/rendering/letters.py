"""Renders letters with one template set."""

from collections.abc import Mapping
from typing import Final

from newsletter.errors import RenderingError
from newsletter.model import Letter, LetterFormat, RenderedEmail
from newsletter.ports import Renderer
from newsletter.rendering.environments import TemplateSet, new_environment
from newsletter.rendering.mjml import compile_mjml
from newsletter.rendering.places import Place, PlacedText
from newsletter.rendering.trimming import LARGEST_HTML_BYTES, render_within
from newsletter.rendering.views import view_letter

EDITION_HTML: Final = "edition.mjml.j2"
EDITION_TEXT: Final = "edition.txt.j2"
_TEXT_SUFFIX: Final = ".txt.j2"


def make_renderer(templates: Mapping[str, str]) -> Renderer:
    """Return a renderer of editions; MJML and Jinja are compiled here, once.

    `templates` are name → text. Raises RenderingError, with file and line where there is one, for
    a template that is missing or broken.
    """
    for name in (EDITION_HTML, EDITION_TEXT):
        if name not in templates:
            message = f"there is no template {name}"
            raise RenderingError(message)
    compiled = compile_mjml(EDITION_HTML, templates, new_environment(is_html=True))
    html = TemplateSet({EDITION_HTML: compiled}, is_html=True)
    text = TemplateSet(
        {
            name: _as_written(name, source)
            for name, source in templates.items()
            if name.endswith(_TEXT_SUFFIX)
        },
        is_html=False,
    )
    html.check_names(EDITION_HTML)
    text.check_names(EDITION_TEXT)
    return _EditionRenderer(html, text)


class _EditionRenderer:
    """Fills a compiled template set; holds nothing of any letter."""

    def __init__(self, html: TemplateSet, text: TemplateSet) -> None:
        self._html = html
        self._text = text

    def render(self, letter: Letter) -> RenderedEmail:
        view = view_letter(letter)
        wants_html = letter.reader.format is LetterFormat.HTML
        return RenderedEmail(
            subject=letter.subject,
            text=self._text.render(EDITION_TEXT, view),
            html=render_within(
                LARGEST_HTML_BYTES, view, lambda trimmed: self._html.render(EDITION_HTML, trimmed)
            )
            if wants_html
            else None,
        )


def _as_written(name: str, source: str) -> PlacedText:
    lines = range(1, source.count("\n") + 2)
    return PlacedText(source, tuple(Place(name, line) for line in lines))
