"""From a request to the answer of the service it is for, with its faults."""

from collections.abc import Callable, Mapping
from typing import Final

from newsletter.testing.services.arxiv import answer as arxiv
from newsletter.testing.services.biorxiv import answer as biorxiv
from newsletter.testing.services.blogs import answer as blogs
from newsletter.testing.services.crossref import answer as crossref
from newsletter.testing.services.exchange import Call, Reply, Service, packed
from newsletter.testing.services.hub import answer as hub
from newsletter.testing.services.mishaps import in_place_of, spoiled
from newsletter.testing.services.openreview import answer as openreview
from newsletter.testing.services.semantic_scholar import answer as semantic_scholar

_ANSWERS: Final[Mapping[str, Callable[[Call], Reply]]] = {
    Service.DAILY_PAPERS: hub,
    Service.ARXIV: arxiv,
    Service.BIORXIV: biorxiv,
    Service.CROSSREF: crossref,
    Service.SEMANTIC_SCHOLAR: semantic_scholar,
    Service.OPENREVIEW: openreview,
    Service.BLOGS: blogs,
}


def answer(call: Call) -> Reply:
    """Return the answer."""
    if instead := in_place_of(call):
        return instead
    return packed(call, spoiled(call, _ANSWERS[call.received.service](call)))
