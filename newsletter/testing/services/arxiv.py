"""Imitates arXiv's three services at one address: feeds, query API and OAI-PMH."""

from newsletter.testing.services.arxiv_feed import answer as feed
from newsletter.testing.services.arxiv_oai import answer as oai
from newsletter.testing.services.arxiv_query import answer as query
from newsletter.testing.services.exchange import Call, Reply, text_reply


def answer(call: Call) -> Reply:
    """Return the answer of the service the path belongs to."""
    if call.path.startswith(("/rss/", "/atom/")):
        return feed(call)
    if call.path == "/api/query":
        return query(call)
    if call.path in {"/oai", "/oai2"}:
        return oai(call)
    return text_reply("Not Found", 404, "text/html")
