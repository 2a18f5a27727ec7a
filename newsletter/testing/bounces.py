"""What bounces say, in memory."""

from newsletter.model import AddressKey


class MemoryBounces:
    """The BounceBook port."""

    def __init__(self) -> None:
        self._texts: dict[AddressKey, str] = {}

    def standing(self, address: AddressKey) -> str | None:
        """Return what was kept of an address."""
        return self._texts.get(address)

    def keep(self, address: AddressKey, text: str) -> None:
        """Remember a text of an address."""
        self._texts[address] = text

    def forget(self, address: AddressKey) -> None:
        """Remember nothing of an address."""
        self._texts.pop(address, None)
