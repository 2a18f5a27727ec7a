"""What these pages ask of the program."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from newsletter.model import RenderedEmail
    from newsletter.workflows import FeedEntry


class ReadingDesk(Protocol):
    """Letters for who holds their tokens; called in a thread. Both methods raise NewsletterError."""

    def letter(self, token: str, /) -> "RenderedEmail | None":
        """Return the very letter that a token stands in; None for one not ours, or no longer kept."""
        ...

    def feed(self, token: str, /) -> "Sequence[FeedEntry] | None":
        """Return the entries of somebody's last letters; None for a token that is not good."""
        ...
