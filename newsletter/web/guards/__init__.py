"""What stands before every page: headers, who asks, and how often."""

from newsletter.web.guards.clients import Network, client_network, is_trusted, read_networks
from newsletter.web.guards.headers import PAGES_POLICY, RECEIVED_POLICY, Headers, secure
from newsletter.web.guards.limits import RateLimit

__all__ = [
    "PAGES_POLICY",
    "RECEIVED_POLICY",
    "Headers",
    "Network",
    "RateLimit",
    "client_network",
    "is_trusted",
    "read_networks",
    "secure",
]
