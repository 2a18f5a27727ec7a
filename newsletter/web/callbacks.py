"""What the pages ask of the program."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from newsletter.workflows import BallotPaper


@dataclass(frozen=True, slots=True)
class Health:
    """How the program is. `details` are for the operator: no address, no token, no secret."""

    is_well: bool
    details: Mapping[str, str] = field(default_factory=dict)


class CheckHealth(Protocol):
    """Says how the program is; called in a thread."""

    def __call__(self) -> Health:
        """Return the health now. Raises NewsletterError when not even that can be found out."""
        ...


class ByToken(Protocol):
    """Does what a token lets its holder do, such as confirming a subscription; called in a thread."""

    def __call__(self, token: str, /) -> bool:
        """Return whether it was done; False for a token that is used, over or not ours.

        Raises NewsletterError when it could not be written down.
        """
        ...


class Ballots(Protocol):
    """What readers think of the entries of a letter; called in a thread. Both raise NewsletterError."""

    def look(self, token: str, number: int | None) -> "BallotPaper | None":
        """Return the entries of a letter, or one of them; None where there is nothing to vote on."""
        ...

    def vote(self, token: str, number: int, vote: int) -> bool:
        """Keep 1 (more like this), -1 (less) or 0 (neither); False where `look` returns None."""
        ...
