"""What the pages behind the unsubscribe link of a letter ask of the program."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from newsletter.model import Command
    from newsletter.workflows import Left, LessChoices, Lessened, Undone


class LeavingDesk(Protocol):
    """Does what the token of a letter allows; every method is called in a thread.

    Each raises NewsletterError when it could not be read or written down.
    """

    def leave(self, tokens: Sequence[str]) -> "Sequence[Left | None]":
        """End the subscriptions of many in one go; None for a token that is not one of ours.

        What is returned is in the order of `tokens`, and safe by then: whatever ends the program, those
        people get nothing more. A second time is as good as the first.
        """
        ...

    def choices(self, token: str) -> "LessChoices | None":
        """Return what can be done instead; None for a token that is not ours. Changes nothing."""
        ...

    def lessen(self, token: str, wish: "Command") -> "Lessened | None":
        """Bring less, never more; None for a token that is not ours."""
        ...

    def undo(self, token: str) -> "Undone | None":
        """Take back what a press changed; None for a token that is over or not ours."""
        ...
