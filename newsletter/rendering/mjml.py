"""Compiles an MJML template, with Jinja in it, to an HTML template: once per template set."""

from collections.abc import Mapping

import mjml
from jinja2 import Environment

from newsletter.errors import RenderingError
from newsletter.rendering.holes import perforate
from newsletter.rendering.places import PlacedText
from newsletter.rendering.structure import check_structure


def compile_mjml(name: str, templates: Mapping[str, str], environment: Environment) -> PlacedText:
    """Return the HTML template made of the MJML template `name`, with the place of each line.

    Nothing is fetched, and no web font is linked. Raises RenderingError with file and line.
    """
    perforated = perforate(name, templates, environment)
    markup = perforated.mjml
    check_structure(markup)
    try:
        html = mjml.mjml2html(markup.text, disable_comments=True, fonts={})
    except ValueError as error:
        message = f"{name}: this is no MJML: {error}"
        raise RenderingError(message) from error
    return perforated.fill(html)
