"""The libraries of readers: files of reference managers, as the papers that they name."""

from dataclasses import dataclass
from pathlib import Path

from newsletter.bootstrap.newsroom import Newsroom
from newsletter.model import IdentityKey
from newsletter.rendering import readable_content
from newsletter.sources import read_bibliography
from newsletter.workflows import LikingPorts, Named


@dataclass(frozen=True, slots=True)
class Library:
    """The papers of a file, and what is wrong with it, each with its place."""

    papers: tuple[Named, ...]
    problems: tuple[str, ...]


def read_library(path: Path) -> Library:
    """Return the papers of a file. Raises OSError for one that cannot be opened."""
    reading = read_bibliography(path)
    papers = (
        Named(one.place, tuple(map(IdentityKey, one.keys)), one.announcement)
        for one in reading.references
    )
    return Library(tuple(papers), reading.problems)


def liking(room: Newsroom) -> LikingPorts:
    """Return the ports of what people like."""
    return LikingPorts(room.entries, room.votes, room.clock, readable_content)
