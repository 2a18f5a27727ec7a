"""Where it is kept what bounces say of an address."""

from typing import Protocol

from newsletter.model import AddressKey


class BounceBook(Protocol):
    """What is remembered of the bounces of each address, as JSON that only its rule understands."""

    def standing(self, address: AddressKey) -> str | None:
        """Return what was kept of an address; None: nothing ever bounced."""
        ...

    def keep(self, address: AddressKey, text: str) -> None:
        """Remember `text` of an address, in place of what was kept before."""
        ...

    def forget(self, address: AddressKey) -> None:
        """Remember nothing of an address any more."""
        ...
