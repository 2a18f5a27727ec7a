"""What may be asked on the web: addresses, redirects, and the networks behind a name."""

from newsletter.rules.fetching.advice import AGAIN, LESS, SLOW, advice
from newsletter.rules.fetching.hops import MOST_HOPS, REDIRECTS, Hop, first_hop, next_hop
from newsletter.rules.fetching.networks import is_public
from newsletter.rules.fetching.places import Place, brief, read_place

__all__ = [
    "AGAIN",
    "LESS",
    "MOST_HOPS",
    "REDIRECTS",
    "SLOW",
    "Hop",
    "Place",
    "advice",
    "brief",
    "first_hop",
    "is_public",
    "next_hop",
    "read_place",
]
