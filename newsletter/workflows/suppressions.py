"""Addresses that must not be mailed, by the operator's hand."""

from newsletter.model import AddressKey, Suppression, SuppressionCause
from newsletter.workflows.privacy import PrivacyPorts


def suppress_by_hand(address: AddressKey, reason: str, ports: PrivacyPorts) -> Suppression:
    """Write to an address no more, and cancel what waits for it. The subscription stays."""
    now = ports.clock.now()
    suppression = Suppression(address, SuppressionCause.BY_HAND, reason, now)
    ports.subscribers.suppress(suppression)
    person = ports.subscribers.find(address)
    if person:
        ports.outbox.cancel(person.id, reason="suppressed by hand", now=now)
    return suppression


def lift_suppression(address: AddressKey, ports: PrivacyPorts) -> Suppression | None:
    """Let an address be written to again, its bounces forgotten; return what stood against it.

    A forgotten address can be named by its hash. None: it was not suppressed.
    """
    found = ports.subscribers.suppression(address)
    if found:
        ports.subscribers.unsuppress(address)
        ports.bounces.forget(address)
    return found
