"""One post of a feed, whatever the format, and the entry that it becomes."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from newsletter.model import EntryContent, FetchedEntry, Link, LinkKind, SourceName
from newsletter.rules.identity import canonical_arxiv_id, canonical_doi
from newsletter.sources.gathering import links_of
from newsletter.sources.json_fields import LONGEST_ABSTRACT, LONGEST_NAME, LONGEST_TITLE
from newsletter.sources.markup import plain_line, plain_text
from newsletter.sources.plaintext import cut
from newsletter.sources.urls import read_url

MOST_POSTS: Final = 2_000
"""Of one feed that are read."""

_MOST_NAMES: Final = 500
_MOST_ESCAPES: Final = 3
_STAND_IN: Final = 100
"""Characters of a text that stand in for a title where there is none."""
_OLDEST: Final = datetime(1970, 1, 2, tzinfo=UTC)
_AHEAD: Final = timedelta(days=1)
"""A date that lies further ahead is a slip, and as if it were not there."""


@dataclass(frozen=True, slots=True)
class Post:
    """What a feed says of one post. Texts may be markup; addresses are absolute or empty."""

    identifier: str = ""
    link: str = ""
    title: str = ""
    texts: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    tags: tuple[str, ...] = ()
    pdfs: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    """Where the post may name its DOI or arXiv id."""
    venue: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class ReadFeed:
    """What a page held: its posts, and what is wrong with it. `following` is its next page.

    `title` is one line, maybe empty; `form` is the format in words, e.g. `Atom 1.0`.
    """

    posts: tuple[Post, ...]
    problems: tuple[str, ...] = ()
    following: str | None = None
    title: str = ""
    form: str = ""


def announce(
    posts: Sequence[Post], source: SourceName, topics: tuple[str, ...], *, now: datetime
) -> Iterator[FetchedEntry | None]:
    """Yield the entry of each post in their order; None for one that says nothing."""
    names = Counter(map(_identity, posts))
    for post in posts:
        title, text = _title(post), _text(post)
        if not title and not text:
            yield None
            continue
        arxiv, doi = _ids(post)
        published_at = _likely(post.published_at, now)
        yield FetchedEntry(
            source=source,
            source_id=_identity(post) if names[_identity(post)] == 1 else _own_identity(post),
            content=EntryContent(
                title=title or cut(text.partition("\n")[0], _STAND_IN),
                abstract=text or None,
                authors=_names(post.authors),
                author_count=len(_names(post.authors)) or None,
                published_on=published_at.date() if published_at else None,
                links=_links(post, arxiv, doi),
                categories=_names(post.tags),
                language=post.language[:35] or None,
                venue=cut(plain_line(post.venue), LONGEST_NAME) or None,
            ),
            arxiv_id=arxiv,
            doi=doi,
            topics=topics,
            announced_at=published_at,
        )


def _identity(post: Post) -> str:
    """Return what tells a post apart: its id, else its link, else its title; never its content."""
    named = post.identifier.strip() or post.link.strip()
    return named if 0 < len(named) <= LONGEST_NAME else _own_identity(post)


def _own_identity(post: Post) -> str:
    """Return an identity for posts of which several share an id, or have none."""
    told = f"{post.identifier}\n{post.link}\n{post.title}"
    return hashlib.sha256(told.encode(errors="replace")).hexdigest()


def _title(post: Post) -> str:
    return shown_title(post.title)


def shown_title(written: str) -> str:
    """Return a title, which may be markup, as one line of text."""
    return cut(_to_the_end(plain_line, written), LONGEST_TITLE)


def _text(post: Post) -> str:
    """Return the longest of the texts."""
    shown = (_to_the_end(plain_text, text) for text in post.texts)
    return cut(max(shown, key=len, default=""), LONGEST_ABSTRACT)


def _to_the_end(read: Callable[[str], str], text: str) -> str:
    """Read markup, and what is markup again after that: many feeds escape twice."""
    for _ in range(_MOST_ESCAPES):
        text = read(text)
    return text


def _names(written: Iterable[str]) -> tuple[str, ...]:
    shown = (cut(_to_the_end(plain_line, one), LONGEST_NAME) for one in written)
    return tuple(dict.fromkeys(name for name in shown if name))[:_MOST_NAMES]


def _likely(at: datetime | None, now: datetime) -> datetime | None:
    return at if at and _OLDEST <= at <= now + _AHEAD else None


def _ids(post: Post) -> tuple[str | None, str | None]:
    """Return the arXiv id and the DOI that the post names."""
    named = (*post.ids, post.identifier, post.link)
    arxiv = next((found[0] for one in named if (found := canonical_arxiv_id(one))), None)
    return arxiv, next((doi for one in named if (doi := canonical_doi(one))), None)


def _links(post: Post, arxiv: str | None, doi: str | None) -> tuple[Link, ...]:
    pages = [
        read_url(post.link),
        f"https://arxiv.org/abs/{arxiv}" if arxiv else None,
        f"https://doi.org/{doi}" if doi else None,
        read_url(post.identifier),
    ]
    first = next((page for page in pages if page), None)
    return links_of([(LinkKind.PAGE, first), *((LinkKind.PDF, read_url(url)) for url in post.pdfs)])
