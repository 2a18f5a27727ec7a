"""What the preferences page asks of the program."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from newsletter.bootstrap import Draft, Prospect, Saved, Sheet
    from newsletter.model import CatalogueTopic
    from newsletter.rules.plain_records import JsonValue
    from newsletter.workflows import Liked


class PreferencesDesk(Protocol):
    """Serves the holder of a token that was mailed; every method is called in a thread.

    A token that is over or not ours gets None. Each raises NewsletterError when it could not be read
    or written.
    """

    @property
    def catalogue(self) -> "Sequence[CatalogueTopic]":
        """What can be ticked."""
        ...

    def ask_for_link(self, address: str, evidence: str) -> bool:
        """Keep the wish for a link, whoever has the address; False for what is no address."""
        ...

    def draft(self, token: str, sheet: "Sheet") -> "Draft | None":
        """Return the preferences with what was sent worked in; nothing is written."""
        ...

    def save(self, token: str, sheet: "Sheet") -> "Saved | Draft | None":
        """Write what was sent; a draft where that cannot be done as it is."""
        ...

    def pause(self, token: str, days: int) -> "Saved | Draft | None":
        """Pause the letters for some days, or end the pause with 0."""
        ...

    def leave(self, token: str) -> bool | None:
        """End the subscription."""
        ...

    def prospect(self, token: str, sheet: "Sheet") -> "Prospect | None":
        """Return what would have come, and what comes next; nothing is written."""
        ...

    def data(self, token: str) -> "Mapping[str, JsonValue] | None":
        """Return all that is stored of the person."""
        ...

    def likes(self, token: str) -> "Sequence[Liked] | None":
        """Return what the person voted on, the latest first."""
        ...

    def forget_likes(self, token: str, entries: Sequence[str] | None) -> bool | None:
        """Take votes back; None: all of them."""
        ...
