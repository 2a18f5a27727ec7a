"""The web, with each page asked for once: what was found is read again without another request."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from newsletter.model import Ask, Manners, Page, PullOrder
from newsletter.ports import Visit, Web


class AskedOnce:
    """Implements `ports.Web` over another: pages that came stay known as long as this object."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._pages: dict[str, Page] = {}

    @contextmanager
    def visit(self, manners: Manners, order: PullOrder) -> Iterator[Visit]:
        """Give a visit of the other web that knows these pages."""
        with self._web.visit(manners, order) as visit:
            yield _Visit(visit, self._pages)


class _Visit:
    """Implements `ports.Visit`."""

    def __init__(self, visit: Visit, pages: dict[str, Page]) -> None:
        self._visit = visit
        self._pages = pages

    def fetch(self, ask: Ask) -> Page:
        """Return the page that came before, else ask for it; what is posted is never kept."""
        if ask.body is not None or ask.headers or ask.validators:
            return self._visit.fetch(ask)
        if known := self._pages.get(ask.url):
            return known
        page = self._visit.fetch(ask)
        self._pages[ask.url] = page
        if page.moved_to:
            self._pages[page.moved_to] = replace(page, moved_to=None)
        return page
