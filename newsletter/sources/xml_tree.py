"""XML that a server sent, as a tree: no document types, no entities of its own, nothing fetched."""

import re
from typing import Final
from xml.etree import ElementTree as ET

from newsletter.errors import FetchError
from newsletter.model import Page
from newsletter.rules.fetching import brief
from newsletter.sources.unreadable import is_web_page, unreadable

_DECLARES: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_LOOKED_AT: Final = 200


def read_xml(page: Page) -> ET.Element:
    """Return the root of a page; raises FetchError with the line of what is no XML.

    A document type is refused, since entities made in it can grow without end, and so is UTF-16,
    in which it could hide.
    """
    body = page.body
    if b"\x00" in body[:_LOOKED_AT]:
        message = (
            f"{brief(page.url)}: the XML is in UTF-16 or UTF-32, which no service sends; refused"
        )
        raise FetchError(message, status=page.status)
    if _DECLARES.search(body) and not is_web_page(page):
        message = (
            f"{brief(page.url)}: the XML declares a document type, which no service needs; refused"
        )
        raise FetchError(message, status=page.status)
    try:
        return ET.fromstring(body)  # noqa: S314  what makes it unsafe is refused above
    except (ET.ParseError, LookupError, ValueError) as error:
        raise unreadable(page, "XML", str(error)) from error


def text_of(parent: ET.Element, path: str) -> str | None:
    """Return the text of the first element at `path`; None without one or with nothing in it."""
    found = parent.find(path)
    return (found.text or "").strip() or None if found is not None else None
