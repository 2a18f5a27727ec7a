"""What a site can do: its name, its address and the desks behind its pages."""

from dataclasses import dataclass, field
from pathlib import Path

from newsletter.web.api import ApiDesk
from newsletter.web.archive import ArchiveDesk
from newsletter.web.callbacks import Ballots, ByToken, CheckHealth
from newsletter.web.guards import Network
from newsletter.web.joining import JoiningDesk
from newsletter.web.leaving import LeavingDesk
from newsletter.web.operating import Operating
from newsletter.web.preferring import PreferencesDesk
from newsletter.web.reading import ReadingDesk


def _unknown(_: str) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Everything that the pages ask of the program; of a desk that is None there are no pages.

    `url` is the public address without a slash at its end; None: the site is not public.
    `proxies` are the networks of our own servers in front, whose word on who asks is taken.
    `confirm` does what the token of a confirmation is for, `leaving` what the unsubscribe link of a
    letter is for, `ballots` what the links beside entries are for. `received` is the folder with the
    pages of the trial server; None: letters leave this machine.
    """

    name: str
    health: CheckHealth
    url: str | None = None
    takes_mail: bool = True
    """Whether pages say that one can write to the newsletter."""
    proxies: tuple[Network, ...] = field(default=())
    confirm: ByToken = _unknown
    leaving: LeavingDesk | None = None
    ballots: Ballots | None = None
    received: Path | None = None
    joining: JoiningDesk | None = None
    """Serves new readers."""
    api: ApiDesk | None = None
    """What other programs may read and do."""
    reading: ReadingDesk | None = None
    """Shows letters to their readers."""
    archive: ArchiveDesk | None = None
    """Shows public editions to everybody; None: the operator wants none."""
    domain: str = "newsletter.invalid"
    """By which entries and feeds are named: that of the newsletter's addresses."""
    preferences: PreferencesDesk | None = None
    """Where preferences are changed, by whoever has the link that was mailed."""
    operating: Operating | None = None
    """What operators see and do, and what watches over the program."""
