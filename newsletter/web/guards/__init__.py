"""What stands before every page: headers, who asks, and how often."""

from newsletter.web.guards.below import Below
from newsletter.web.guards.bodies import MAX_API_BODY_BYTES, BoundedBodies
from newsletter.web.guards.clients import Network, client_network, is_trusted, read_networks
from newsletter.web.guards.faults import Faults
from newsletter.web.guards.headers import PAGES_POLICY, RECEIVED_POLICY, Headers, secure
from newsletter.web.guards.limits import RateLimit

__all__ = [
    "MAX_API_BODY_BYTES",
    "PAGES_POLICY",
    "RECEIVED_POLICY",
    "Below",
    "BoundedBodies",
    "Faults",
    "Headers",
    "Network",
    "RateLimit",
    "client_network",
    "is_trusted",
    "read_networks",
    "secure",
]
