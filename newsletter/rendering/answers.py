"""Renders answers: confirmations, preferences, notices, in the looks of the letters."""

from collections.abc import Callable, Mapping
from typing import Final

from newsletter.errors import RenderingError
from newsletter.model import Answer, Letterhead, RenderedEmail
from newsletter.rendering.answer_views import view_answer
from newsletter.rendering.environments import TemplateSet, new_environment
from newsletter.rendering.mjml import compile_mjml
from newsletter.rendering.plain_templates import text_templates
from newsletter.rendering.trimming import LARGEST_HTML_BYTES, size_bytes

ANSWER_HTML: Final = "answer.mjml.j2"
ANSWER_TEXT: Final = "answer.txt.j2"
_GIVEN: Final = "answer"

RenderAnswer = Callable[[Answer, Letterhead], RenderedEmail]


def make_answer_renderer(templates: Mapping[str, str]) -> RenderAnswer:
    """Return a renderer of answers; MJML and Jinja are compiled here, once.

    `templates` are name → text. Both raise RenderingError, with file and line where there is one:
    this for a template that is missing or broken, the renderer for a value that it cannot show.
    An answer whose HTML would have more than 100 kB has none: its text part says all.
    """
    for name in (ANSWER_HTML, ANSWER_TEXT):
        if name not in templates:
            message = f"there is no template {name}"
            raise RenderingError(message)
    compiled = compile_mjml(ANSWER_HTML, templates, new_environment(is_html=True))
    html = TemplateSet({ANSWER_HTML: compiled}, is_html=True, given=_GIVEN)
    text = TemplateSet(text_templates(ANSWER_TEXT, templates), is_html=False, given=_GIVEN)
    html.check_names(ANSWER_HTML)
    text.check_names(ANSWER_TEXT)

    def render(answer: Answer, head: Letterhead) -> RenderedEmail:
        view = view_answer(answer, head)
        page = html.render(ANSWER_HTML, view)
        return RenderedEmail(
            subject=view.subject,
            text=text.render(ANSWER_TEXT, view),
            html=page if size_bytes(page) <= LARGEST_HTML_BYTES else None,
        )

    return render
