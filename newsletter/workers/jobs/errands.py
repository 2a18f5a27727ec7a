"""What jobs do: the functions that `serve` calls too, each safe to call twice."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from newsletter.model import SourceName

IsStopping = Callable[[], bool]


class Share(NamedTuple):
    """The people with an id above one and below the other; None: to the end."""

    above: str
    below: str | None


def cut_at(bounds: Iterable[str]) -> list[Share]:
    """Return shares that hold everybody together, nobody twice; each but the last ends with a bound."""
    ends = list(bounds)
    # Ids are texts: what comes right behind one is the same with a sign more.
    behind = [*(f"{one} " for one in ends), None]
    return [Share(above, below) for above, below in zip(["", *ends], behind, strict=True)]


@dataclass(frozen=True, slots=True)
class Errands:
    """The work of each kind of job. Every function is called in a thread of its own."""

    shares: Callable[[], Sequence[Share]]
    """Who is to be looked at now, in shares of about the same size; nobody: none."""
    publish: Callable[[Share, IsStopping], int]
    """Plans for one share, batch by batch, until it hears to stop; returns how many letters."""
    deliver: Callable[[IsStopping], bool]
    """Sends for a while; returns whether more waits. One at a time in a process: others do nothing."""
    waits_for_more: Callable[[], bool]
    """Whether more letters wait than one process should send."""
    receive: Callable[[IsStopping], int]
    """Works off the mail that came in, and tells who left; returns how many."""
    due_sources: Callable[[], Sequence[SourceName]]
    """The sources that nobody pulled for so long that it is time again."""
    collect: Callable[[SourceName], int]
    """Pulls one source if that is due still; returns how many entries are new."""
    embed: Callable[[IsStopping], None]
    """Reads the meaning of what is new."""
    adopt: Callable[[], None] | None
    """Puts changed documents into force; None: they are in a folder, which `serve` watches."""
    archive: Callable[[IsStopping], int]
    purge: Callable[[], None]
