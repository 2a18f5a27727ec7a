"""A moment in which the first letters of a slot have the processor to themselves."""

import threading
from typing import Final

_LONGEST_S: Final = 0.5
"""A hundred letters need about half of it; a relay that is slow or away shall not hold up the plans."""


class HeadStart:
    """Lets whoever plans wait until so many tries of letters have ended, or for half a second.

    To plan is what a processor is busy with: beside it each step of a letter waits for its turn, and
    the first letter left only once the second batch was planned.
    """

    def __init__(self, longest_s: float = _LONGEST_S) -> None:
        self._longest_s = longest_s
        self._still_expected = 0
        self._is_over = threading.Event()

    def expect(self, count: int) -> None:
        """Begin: so many tries are to end."""
        self._still_expected = count
        self._is_over.clear()

    def note_one(self) -> None:
        """Say that a try has ended, however it did."""
        self._still_expected -= 1
        if self._still_expected <= 0:
            self._is_over.set()

    def end(self) -> None:
        """Let nobody wait any longer: the program ends."""
        self._still_expected = 0
        self._is_over.set()

    def wait(self) -> None:
        """Wait until all of them have, or time is up."""
        self._is_over.wait(self._longest_s)
