"""The web that sources ask: who we say we are, and whom we may ask."""

import re
from typing import Final

from newsletter import __version__
from newsletter.bootstrap.clocks import SystemClock
from newsletter.config import Config
from newsletter.ports import Clock, Paces
from newsletter.sources import Machine, PoliteWeb

_MACHINE: Final = SystemClock()
_UNSENDABLE: Final = re.compile(r"[^\x21-\x27\x2a-\x5b\x5d-\x7e]+")
"""What cannot stand in the comment of a User-Agent (RFC 9110 section 5.6.5)."""


def make_web(config: Config, paces: Paces, clock: Clock = _MACHINE) -> PoliteWeb:
    """Return the web as the operator's settings allow it.

    `clock` is the machine's: the pace of a service is kept by all processes, so a run with
    `--now` must not write another time into it.
    """
    return PoliteWeb(
        paces, user_agent(config), allow=config.http.allow, machine=Machine(now=clock.now)
    )


def user_agent(config: Config) -> str:
    """Return who asks, and whom to write to when we ask too much: `newsletter/1.0 (+URL; mailto:…)`."""
    contact = config.http.contact or config.newsletter.owner
    known = [f"+{config.newsletter.url}"] if config.newsletter.url else []
    known.append(f"mailto:{contact}" if "@" in contact and ":" not in contact else contact)
    words = (_UNSENDABLE.sub("-", word) for word in known)
    return f"newsletter/{__version__} ({'; '.join(words)})"
