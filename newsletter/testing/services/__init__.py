"""A local server that imitates the services research appears at, faults included.

    with Services(now=moment) as services:
        services.fault("arxiv", Fault.STALE)
        ... a source whose `base` is services.base("arxiv") ...
        assert len(services.requests_to("arxiv")) == 1

Formats and habits are those that the services document or show; papers, people and posts were
written for it. Everything follows from the time of the server: weekends, lists that grow, what was
announced this evening.
"""

from newsletter.testing.services.blogs import FEEDS
from newsletter.testing.services.exchange import Received, Service
from newsletter.testing.services.faults import Fault
from newsletter.testing.services.openreview import PASSWORD, VENUE
from newsletter.testing.services.server import Services
from newsletter.testing.services.world import Paper, World, make_world

__all__ = [
    "FEEDS",
    "PASSWORD",
    "VENUE",
    "Fault",
    "Paper",
    "Received",
    "Service",
    "Services",
    "World",
    "make_world",
]
