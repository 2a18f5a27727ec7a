"""Reading the meaning of new entries after a pull, by a command or by `serve`."""

import logging
import threading
from collections.abc import Callable
from typing import Final

from newsletter.bootstrap import Newsroom
from newsletter.cli.progress import show_count
from newsletter.cli.session import Session
from newsletter.workflows import embed_new

LOG: Final = logging.getLogger("newsletter.serve")


def read_meaning(session: Session, room: Newsroom) -> None:
    """Make the vectors that entries lack, with a bar; do nothing where there is no model."""
    if room.meaning is None:
        return
    with show_count(session, "Reading what is new") as tell:
        done = embed_new(
            room.entries,
            room.meaning,
            now=room.clock.now(),
            topicality=room.topicality,
            tell=tell,
        )
    if done.trouble:
        session.notice(f"New entries are matched by their words alone: {done.trouble}")


class QuietReader:
    """Reads what is new beside the other work of `serve`: one source at a time, until it ends."""

    def __init__(self, room: Newsroom, is_stopping: Callable[[], bool]) -> None:
        self._room = room
        self._is_stopping = is_stopping
        self._one_at_a_time = threading.Lock()

    def read(self) -> None:
        """Make the vectors that entries lack; whoever waits meanwhile finds nothing left to do."""
        room = self._room
        if room.meaning is None:
            return
        with self._one_at_a_time:
            if self._is_stopping():
                return
            done = embed_new(
                room.entries,
                room.meaning,
                now=room.clock.now(),
                topicality=room.topicality,
                is_stopping=self._is_stopping,
            )
        if done.made:
            LOG.info("embedded texts=%d", done.made)
        if done.trouble:
            LOG.warning("new entries are matched by their words alone: %s", done.trouble)
