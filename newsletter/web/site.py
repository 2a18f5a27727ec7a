"""What a site can do: its name, its address and the desks behind its pages."""

from dataclasses import dataclass, field
from pathlib import Path

from newsletter.web.callbacks import Ballots, ByToken, CheckHealth, Unsubscribe
from newsletter.web.guards import Network


def _unknown(_: str) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Everything that the pages ask of the program; of a desk that is None there are no pages.

    `url` is the public address without a slash at its end; None: the site is not public.
    `proxies` are the networks of our own servers in front, whose word on who asks is taken.
    `confirm` and `undo` do what the tokens of a confirmation and of a goodbye are for, `ballots`
    what the links beside entries are for. `received` is the folder with the pages of the trial
    server; None: letters leave this machine.
    """

    name: str
    unsubscribe: Unsubscribe
    health: CheckHealth
    url: str | None = None
    proxies: tuple[Network, ...] = field(default=())
    confirm: ByToken = _unknown
    undo: ByToken = _unknown
    ballots: Ballots | None = None
    received: Path | None = None
