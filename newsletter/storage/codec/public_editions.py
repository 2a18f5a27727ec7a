"""Public editions as lines: what they are, then one match a line.

So it is seen from the text alone, in a query too, whether there is an entry: then it has a second line.
"""

from dataclasses import dataclass, replace

from newsletter.model import Match, PublicEdition, ReleaseNo
from newsletter.storage.codec.json import Fields, dump
from newsletter.storage.codec.matches import read_match, write_match


@dataclass(frozen=True, slots=True)
class PublicDecision:
    """What is stored of a public edition in one text."""

    release: ReleaseNo
    matches: tuple[Match, ...]
    also_matched: tuple[Match, ...]


def write_public_edition(edition: PublicEdition, release: ReleaseNo) -> str:
    """Write the decision what a page shows. How its scores came about is of no use there."""
    matches = [*edition.matches, *edition.also_matched]
    head = dump({"also": len(edition.also_matched), "release": release})
    return "\n".join([head, *(write_match(replace(match, terms=())) for match in matches)])


def read_public_edition(text: str) -> PublicDecision:
    """Read what `write_public_edition` wrote. Raises RecordError for what it did not."""
    head, *lines = text.split("\n")
    fields = Fields.load(head, "public edition")
    shown = len(lines) - fields.integer("also")
    matches = tuple(map(read_match, lines))
    return PublicDecision(ReleaseNo(fields.integer("release")), matches[:shown], matches[shown:])
