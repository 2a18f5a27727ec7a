"""What the pages for new readers ask of the program."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from newsletter.model import Preferences, SampleLetter

if TYPE_CHECKING:
    from newsletter.bootstrap import ComingLetters, JoiningWish, OfferedTopic


class JoiningDesk(Protocol):
    """Serves new readers; called in a thread. Every method may raise NewsletterError."""

    @property
    def offered(self) -> "Sequence[OfferedTopic]":
        """The topics of the catalogue."""
        ...

    @property
    def zones(self) -> Mapping[str, Sequence[str]]:
        """The time zones by their part of the world."""
        ...

    def week_counts(self) -> Mapping[str, int]:
        """Return what each topic would have brought in the last seven days; empty until known."""
        ...

    def read(self, fields: Mapping[str, str]) -> "JoiningWish":
        """Return what a form says; without fields the form as it is first shown. Nothing is looked up."""
        ...

    def sample(self, preferences: Preferences) -> SampleLetter:
        """Return a letter that `preferences` would have brought. Nothing is kept."""
        ...

    def keep(self, wish: "JoiningWish", network: str) -> None:
        """Keep what a valid wish asks for, to be answered by mail: the same work for every address."""
        ...

    def coming(self, token: str) -> "ComingLetters | None":
        """Return what comes if `token` is confirmed; None for one that is used, over or not ours."""
        ...

    def confirm(self, token: str) -> "ComingLetters | None":
        """Confirm a subscription, once; None for a token that is used, over or not ours."""
        ...

    def sample_for(self, token: str) -> SampleLetter | None:
        """Return a letter as it will come if `token` is confirmed; None as `coming` does."""
        ...
