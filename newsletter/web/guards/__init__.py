"""What stands before every page: headers, who asks, and how often."""

from newsletter.web.guards.below import Below
from newsletter.web.guards.bodies import MAX_API_BODY_BYTES, read_bounded
from newsletter.web.guards.clients import Network, client_network, is_trusted, read_networks
from newsletter.web.guards.faults import Faults
from newsletter.web.guards.headers import PAGES_POLICY, RECEIVED_POLICY, Headers, secure
from newsletter.web.guards.limits import RateLimit
from newsletter.web.guards.strangers import Strangers

__all__ = [
    "MAX_API_BODY_BYTES",
    "PAGES_POLICY",
    "RECEIVED_POLICY",
    "Below",
    "Faults",
    "Headers",
    "Network",
    "RateLimit",
    "Strangers",
    "client_network",
    "is_trusted",
    "read_bounded",
    "read_networks",
    "secure",
]
