"""Finds the mistakes in MJML that its compiler passes over or reports without a line."""

import re
from html.parser import HTMLParser
from typing import Final

from newsletter.errors import RenderingError
from newsletter.rendering.places import PlacedText

_EMPTY_HTML_TAGS: Final = frozenset({"br", "hr", "meta", "wbr", "col"})
_MJML_TAGS: Final = re.compile(
    r"""mjml | mj-(?: all | attributes | body | breakpoint | button | class | column | divider
    | group | head | preview | raw | section | spacer | style | table | text | title | wrapper )""",
    re.VERBOSE,
)
# Promise: a letter loads nothing. These would, or draw their looks from pictures.
_LOADING_TAGS: Final = re.compile(
    r"""mj-(?: accordion.* | carousel.* | font | hero | image | navbar.* | social.* )
    | img | link | script | iframe | object | embed | video | audio | svg | base""",
    re.VERBOSE,
)
_LOADING_ATTRIBUTES: Final = frozenset({"src", "srcset", "background", "background-url"})
_LOADING_STYLE: Final = re.compile(r"@import|\burl\(", re.IGNORECASE)


class _Reader(HTMLParser):
    """Follows opening and closing tags; stops at the first that does not fit."""

    def __init__(self, markup: PlacedText) -> None:
        super().__init__(convert_charrefs=True)
        self._markup = markup
        self.open: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._know(tag, attrs)
        if tag not in _EMPTY_HTML_TAGS:
            self.open.append((tag, self.getpos()[0]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._know(tag, attrs)

    def handle_data(self, data: str) -> None:
        self._look_at_style(data)

    def handle_endtag(self, tag: str) -> None:
        line = self.getpos()[0]
        if not self.open:
            self.fail(line, f"</{tag}> closes nothing")
        expected, opened_at = self.open.pop()
        if expected != tag:
            begun = self._markup.place(opened_at)
            self.fail(line, f"</{tag}> comes before <{expected}> of {begun} is closed")

    def fail(self, line: int, cause: str) -> None:
        message = f"{self._markup.place(line)}: {cause}"
        raise RenderingError(message)

    def _know(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        loading = _LOADING_ATTRIBUTES.intersection(name for name, _ in attributes)
        if _LOADING_TAGS.fullmatch(tag) or loading:
            self.fail(line, f"<{tag}> would load something, and a letter loads nothing")
        if tag == "mj-include":
            self.fail(line, 'write {% include "partials/NAME.mjml.j2" %} instead of <mj-include>')
        if tag.startswith("mj") and not _MJML_TAGS.fullmatch(tag):
            self.fail(line, f"there is no MJML tag <{tag}>")
        for _, value in attributes:
            self._look_at_style(value or "")

    def _look_at_style(self, text: str) -> None:
        if _LOADING_STYLE.search(text):
            self.fail(self.getpos()[0], "@import or url() would load something")


def check_structure(markup: PlacedText) -> None:
    """Raise RenderingError with file and line at the first mistake.

    Mistakes are MJML tags that do not exist, tags that are not closed, and everything that would
    make a mail program load something.
    """
    reader = _Reader(markup)
    reader.feed(markup.text)
    reader.close()
    if reader.open:
        tag, line = reader.open[-1]
        reader.fail(line, f"<{tag}> is never closed")
