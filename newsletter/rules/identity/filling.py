"""One content out of what trusted sources say, and hints of one that is trusted less."""

from typing import TypeVar

from newsletter.model import EntryContent, Link

_Value = TypeVar("_Value")


def fill(said: EntryContent, hint: EntryContent) -> EntryContent:
    """Return `said` with its gaps filled from `hint`: nothing that is said changes.

    Links fill a gap where there is none of their kind, authors where they are not more than the
    number that is said. Filling once more changes nothing: `fill(fill(a, b), b) == fill(a, b)`.
    """
    authors = _authors(said, hint)
    return EntryContent(
        title=said.title or hint.title,
        abstract=said.abstract or hint.abstract,
        tldr=said.tldr or hint.tldr,
        authors=authors,
        author_count=_author_count(said, hint, len(authors)),
        organization=said.organization or hint.organization,
        published_on=_first(said.published_on, hint.published_on),
        comments=_first(said.comments, hint.comments),
        upvotes=_first(said.upvotes, hint.upvotes),
        links=(*said.links, *_other_links(said, hint)),
        categories=said.categories or hint.categories,
        language=said.language or hint.language,
        keywords=said.keywords or hint.keywords,
        affiliations=said.affiliations or hint.affiliations,
        remark=said.remark or hint.remark,
        venue=said.venue or hint.venue,
        license=said.license or hint.license,
        code_stars=_first(said.code_stars, hint.code_stars),
    )


def _first(said: _Value | None, hint: _Value | None) -> _Value | None:
    return hint if said is None else said


def _authors(said: EntryContent, hint: EntryContent) -> tuple[str, ...]:
    most = said.author_count
    contradicts = most is not None and len(hint.authors) > most
    return said.authors or (() if contradicts else hint.authors)


def _author_count(said: EntryContent, hint: EntryContent, named: int) -> int | None:
    count = _first(said.author_count, hint.author_count)
    return None if count is None else max(count, named)


def _other_links(said: EntryContent, hint: EntryContent) -> tuple[Link, ...]:
    kinds = {link.kind for link in said.links}
    return tuple(link for link in hint.links if link.kind not in kinds)
