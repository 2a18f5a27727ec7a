"""How a command hears that it should end: SIGTERM or Ctrl-C, once politely."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


def set_from_handler(event: threading.Event) -> None:
    """Set an event from the handler of a signal.

    It may interrupt the very thread that waits for the event, between taking and giving back its lock: who
    took that lock there would wait for itself for ever.
    """
    threading.Thread(target=event.set, name="signal", daemon=True).start()


@contextmanager
def politely_stopped() -> Iterator[threading.Event]:
    """Give the event that is set by the first signal; a second one ends the program at once."""
    stopped = threading.Event()
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def stop(number: int, _frame: object) -> None:
        set_from_handler(stopped)
        signal.signal(number, before[signal.Signals(number)])

    for number in _SIGNALS:
        signal.signal(number, stop)
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
