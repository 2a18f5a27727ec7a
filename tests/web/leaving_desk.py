"""A desk behind the unsubscribe link that knows some tokens, and remembers what was pressed."""

from collections.abc import Sequence
from threading import Event

from newsletter.errors import StorageError
from newsletter.model import Command
from newsletter.workflows import Left, LessChoices, Lessened, Undone

UNDO = "u" * 59
ROBOTS = ("robots", "Robots & <friends>")


class FakeLeavingDesk:
    """Knows the token `good` and those that begin with it."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.wishes: list[Command] = []
        self.undone: list[str] = []
        self.is_broken = False
        self.may_go_on = Event()
        self.may_go_on.set()
        self.refusal = ""
        self.offered = LessChoices((ROBOTS,), can_go_weekly=True)

    @property
    def left(self) -> list[str]:
        return [token for batch in self.batches for token in batch if token.startswith("good")]

    @property
    def is_untouched(self) -> bool:
        return not (self.batches or self.wishes or self.undone)

    def leave(self, tokens: Sequence[str]) -> Sequence[Left | None]:
        self._look()
        self.may_go_on.wait(10)
        self.batches.append(list(tokens))
        return [Left(UNDO) if token.startswith("good") else None for token in tokens]

    def choices(self, token: str) -> LessChoices | None:
        self._look()
        return self.offered if token.startswith("good") else None

    def lessen(self, token: str, wish: Command) -> Lessened | None:
        self._look()
        if not token.startswith("good"):
            return None
        self.wishes.append(wish)
        if self.refusal:
            return Lessened(refusal=self.refusal)
        return Lessened(("Your letters <pause>.",), "ticket")

    def undo(self, token: str) -> Undone | None:
        self._look()
        self.undone.append(token)
        return {UNDO: Undone.LETTERS, "ticket": Undone.PREFERENCES}.get(token)

    def _look(self) -> None:
        if self.is_broken:
            message = "database is locked at /secret/place"
            raise StorageError(message)
