"""Renders letters with one template set."""

from collections.abc import Mapping
from typing import Final

from newsletter.errors import RenderingError
from newsletter.model import EncodedEmail, Letter, LetterFormat, RenderedEmail
from newsletter.ports import Renderer
from newsletter.rendering.environments import TemplateSet, new_environment
from newsletter.rendering.mjml import compile_mjml
from newsletter.rendering.parts import Shape, shape_of
from newsletter.rendering.plain_templates import text_templates
from newsletter.rendering.trimming import LARGEST_HTML_BYTES, render_within
from newsletter.rendering.views import LetterView, Personal, view_letter, view_personal
from newsletter.rules.messages import encode_body

EDITION_HTML: Final = "edition.mjml.j2"
EDITION_TEXT: Final = "edition.txt.j2"


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
    text = TemplateSet(text_templates(EDITION_TEXT, templates), is_html=False)
    html.check_names(EDITION_HTML)
    text.check_names(EDITION_TEXT)
    return _EditionRenderer(html, text)


class _EditionRenderer:
    """Fills a compiled template set; keeps what letters have in common, once it was encoded."""

    def __init__(self, html: TemplateSet, text: TemplateSet) -> None:
        self._html = html
        self._text = text
        self._html_encoder = html.make_encoder(EDITION_HTML)
        self._text_encoder = text.make_encoder(EDITION_TEXT)

    def render(self, letter: Letter) -> RenderedEmail:
        view = view_letter(letter)
        wants_html = letter.reader.format is LetterFormat.HTML
        return RenderedEmail(
            subject=letter.subject,
            text=self._text.render(EDITION_TEXT, view),
            html=self._html_of(view) if wants_html else None,
        )

    def encode(self, letter: Letter) -> EncodedEmail:
        personal = view_personal(letter)
        shape = shape_of(letter, personal)
        wants_html = letter.reader.format is LetterFormat.HTML
        return EncodedEmail(
            subject=letter.subject,
            text=self._encoded_text(letter, personal, shape),
            html=self._encoded_html(letter, personal, shape) if wants_html else None,
        )

    def _html_of(self, view: LetterView) -> str:
        return render_within(
            LARGEST_HTML_BYTES, view, lambda trimmed: self._html.render(EDITION_HTML, trimmed)
        )

    def _encoded_text(self, letter: Letter, personal: Personal, shape: Shape) -> bytes:
        if self._text_encoder:
            encoded = self._text_encoder.encode(letter, personal, shape)
            if encoded is not None:
                return encoded
        return encode_body(self._text.render(EDITION_TEXT, view_letter(letter)))

    def _encoded_html(self, letter: Letter, personal: Personal, shape: Shape) -> bytes:
        if self._html_encoder:
            encoded = self._html_encoder.encode(letter, personal, shape)
            # Encoding makes it larger: what is small enough then had nothing to leave out.
            if encoded is not None and len(encoded) <= LARGEST_HTML_BYTES:
                return encoded
        return encode_body(self._html_of(view_letter(letter)))
