"""What the pages behind the unsubscribe link of a letter ask for, over the ports of RECEIVE."""

from collections.abc import Sequence
from typing import Final

from newsletter.model import Command
from newsletter.workflows import (
    Left,
    LessChoices,
    Lessened,
    ReceivePorts,
    Undone,
    leave_with_way_back,
    less_of,
    lessen,
    undo,
)

_BY_PAGE: Final = "by page"


class LetterDesk:
    """Leaving by the token of a letter, what is less than that, and the way back."""

    def __init__(self, ports: ReceivePorts) -> None:
        self._ports = ports

    def leave(self, tokens: Sequence[str]) -> Sequence[Left | None]:
        """End the subscriptions of many at once; None for a token that is not ours."""
        return leave_with_way_back(tokens, self._ports, how=_BY_PAGE)

    def choices(self, token: str) -> LessChoices | None:
        """Return what can be done instead of leaving."""
        return less_of(token, self._ports)

    def lessen(self, token: str, wish: Command) -> Lessened | None:
        """Bring less by one wish."""
        return lessen(token, wish, self._ports)

    def undo(self, token: str) -> Undone | None:
        """Take back what a press changed."""
        done = undo(token, self._ports, evidence=_BY_PAGE)
        return done[0] if done else None
