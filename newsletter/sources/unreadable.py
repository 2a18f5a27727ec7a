"""What to say of an answer that is not in the format that it should be in."""

from typing import Final

from newsletter.errors import FetchError
from newsletter.model import Page
from newsletter.rules.fetching import AGAIN, brief
from newsletter.sources.plaintext import cut, one_line

_LOOKED_AT: Final = 2_000
_SHOWN: Final = 60


def unreadable(page: Page, wanted: str, reason: str = "") -> FetchError:
    """Return the error of a page that is no `wanted` ("JSON"), for a `reason` of its reader."""
    if is_web_page(page):
        fact = f"the answer is a web page, not {wanted}: a login or a proxy stands in between?"
    elif not page.body.strip():
        fact = f"the answer is no {wanted}: it is empty"
    else:
        start = cut(one_line(page.body[: _SHOWN + 20].decode(errors="replace")), _SHOWN)
        why = f" ({reason})" if reason else ""
        fact = f'the answer is no {wanted}{why}; it begins with "{start}"'
    return FetchError(f"{brief(page.url)}: {fact}", status=page.status, remedy=AGAIN)


def is_web_page(page: Page) -> bool:
    """Whether an answer is HTML, whatever it says that it is."""
    begin = page.body[:_LOOKED_AT].lstrip().lower()
    return begin.startswith((b"<!doctype html", b"<html")) or b"<html" in begin
