"""The ids of papers in addresses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from newsletter.model import LinkKind
from newsletter.rules.identity import canonical_arxiv_id, canonical_doi

_DOI_IN_PATH: Final = re.compile(r"/(10\.\d{4,9}/[^\s?#]{1,200})")
_BEHIND_DOI: Final = re.compile(
    r"(?:v\d+)?(?:\.(?:full|abstract|short))?(?:[./-]?(?:full(?:-?text)?|pdf|abstract|epdf|html|summary|meta))*/?$",
    re.IGNORECASE,
)
_OPENREVIEW: Final = re.compile(
    r"https?://(?:www\.|api2?\.)?openreview\.net/(?:forum|pdf)\?(?:[^#]{0,200}&)?id=([\w-]{6,40})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PaperIds:
    """What a paper is called: `openreview` is the id of its forum there."""

    arxiv: str | None = None
    version: int | None = None
    doi: str | None = None
    openreview: str | None = None

    @property
    def has_any(self) -> bool:
        """Whether it is known which paper it is."""
        return bool(self.arxiv or self.doi or self.openreview)

    def pages(self) -> Iterator[tuple[LinkKind, str]]:
        """Yield the pages that the ids lead to."""
        if self.arxiv:
            yield LinkKind.PAGE, f"https://arxiv.org/abs/{self.arxiv}"
        if self.openreview:
            yield LinkKind.PAGE, f"https://openreview.net/forum?id={self.openreview}"
        if self.doi:
            yield LinkKind.PAGE, f"https://doi.org/{self.doi}"

    def with_gaps_filled(self, other: "PaperIds") -> "PaperIds":
        """Return these ids with those of `other` where there are none."""
        return PaperIds(
            self.arxiv or other.arxiv,
            self.version if self.arxiv else other.version,
            self.doi or other.doi,
            self.openreview or other.openreview,
        )


def read_ids(url: str) -> PaperIds:
    """Return the ids that an address names: of arXiv, the hub, OpenReview, and DOIs, also in paths."""
    if found := canonical_arxiv_id(url):
        return PaperIds(found[0], found[1])
    if review := _OPENREVIEW.match(url):
        return PaperIds(openreview=review[1])
    if doi := canonical_doi(url):
        return PaperIds(doi=doi)
    if in_path := _DOI_IN_PATH.search(url):
        return PaperIds(doi=canonical_doi(_BEHIND_DOI.sub("", in_path[1])))
    return PaperIds()
