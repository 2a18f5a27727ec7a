"""One row of a file, or of a mail, as the entry that it announces."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from newsletter.model import EntryContent, FetchedEntry, Link, LinkKind, SourceName
from newsletter.rules.identity import canonical_arxiv_id, canonical_doi, fingerprint
from newsletter.sources.fields import Fields
from newsletter.sources.plaintext import paragraphs

_LONGEST_TITLE: Final = 1_000
_LONGEST_ABSTRACT: Final = 20_000
_LONGEST_TLDR: Final = 2_000
_TELLING_CHARACTERS: Final = 200
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", re.ASCII)
_WHOLE_ID: Final = re.compile(r"\.\d{4,5}(?:v\d+)?$|[a-z.-]/\d{7}(?:v\d+)?$", re.IGNORECASE)
"""An arXiv id with all its digits: `1001.5` may be somebody's own number."""
_OWN_PAGES: Final = frozenset({LinkKind.PAGE, LinkKind.PDF})

_BARE_LINKS: Final = (
    ("page", LinkKind.PAGE),
    ("link", LinkKind.PAGE),
    ("url", LinkKind.PAGE),
    ("abs", LinkKind.PAGE),
    ("pdf", LinkKind.PDF),
    ("code", LinkKind.CODE),
    ("project", LinkKind.PROJECT),
    ("discussion", LinkKind.DISCUSSION),
)
_KEYS: Final = (
    "id",
    "title",
    "abstract",
    "summary",
    "tldr",
    "authors",
    "author_count",
    "organization",
    "published_on",
    "date",
    "first_seen",
    "comments",
    "comment",
    "upvotes",
    "links",
    *(key for key, _ in _BARE_LINKS),
    "categories",
    "arxiv_id",
    "doi",
    "language",
)


def announce_row(
    fields: Fields, source: SourceName, topics: tuple[str, ...], taken: AbstractSet[str]
) -> FetchedEntry | None:
    """Return the entry of a row; None, and a complaint, when it has no title.

    `taken` are the ids of the rows above it.
    """
    fields.refuse_unknown(_KEYS)
    content = _content(fields)
    if content is None:
        return None
    arxiv_id, version = _arxiv_id(fields, content.links)
    return FetchedEntry(
        source=source,
        source_id=_source_id(fields, content, taken),
        content=content,
        arxiv_id=arxiv_id,
        doi=_doi(fields, content.links),
        version=version,
        topics=topics,
    )


def _content(fields: Fields) -> EntryContent | None:
    title = fields.text("title", most=_LONGEST_TITLE)
    if title is None:
        fields.complain("title", "is missing", "give every entry a title")
        return None
    authors = fields.names("authors")
    return EntryContent(
        title=title,
        abstract=fields.text("abstract", "summary", most=_LONGEST_ABSTRACT, lay_out=paragraphs),
        tldr=fields.text("tldr", most=_LONGEST_TLDR),
        authors=authors,
        author_count=_author_count(fields, len(authors)),
        organization=fields.text("organization"),
        published_on=fields.day("published_on", "date", "first_seen"),
        comments=_comments(fields),
        upvotes=fields.count("upvotes"),
        links=fields.links("links", _BARE_LINKS),
        categories=fields.names("categories"),
        language=_language(fields),
    )


def _author_count(fields: Fields, named: int) -> int | None:
    count = fields.count("author_count")
    if count is not None and count < named:
        fields.complain("author_count", f"is less than the {named} authors that are named")
    return max(count or 0, named) if named else count


def _comments(fields: Fields) -> int | None:
    """Read `comments`; `comment` is most often the authors' remark, and a count only as a number."""
    count = fields.count("comments")
    remark = fields.row.values.get("comment")
    is_count = isinstance(remark, int | str) and str(remark).strip().isdecimal()
    return fields.count("comment") if count is None and is_count else count


def _language(fields: Fields) -> str | None:
    tag = fields.text("language")
    if tag and not _LANGUAGE.fullmatch(tag):
        fields.complain("language", f'"{tag}" is no language tag', "write one like en or pt-BR")
        return None
    return tag


def _arxiv_id(fields: Fields, links: Sequence[Link]) -> tuple[str | None, int | None]:
    """Return the arXiv id and version that `arxiv_id`, `id` or an address tells."""
    told = fields.text("arxiv_id")
    found = canonical_arxiv_id(told) if told else None
    if told and not found:
        fields.complain("arxiv_id", f'"{told}" is no arXiv id', "write one like 2605.01234")
    own = fields.text("id") or ""
    hinted = [found, canonical_arxiv_id(own) if _WHOLE_ID.search(own) else None]
    hinted += [canonical_arxiv_id(link.url) for link in links if link.kind in _OWN_PAGES]
    return next((hint for hint in hinted if hint), (None, None))


def _doi(fields: Fields, links: Sequence[Link]) -> str | None:
    told = fields.text("doi")
    found = canonical_doi(told) if told else None
    if told and not found:
        fields.complain("doi", f'"{told}" is no DOI', "write one like 10.1000/182")
    linked = (canonical_doi(link.url) for link in links if link.kind is LinkKind.PAGE)
    return found or next((doi for doi in linked if doi), None)


def _source_id(fields: Fields, content: EntryContent, taken: AbstractSet[str]) -> str:
    """Return the entry's `id`; where it is missing or taken, a hash of what the entry says."""
    own = fields.text("id")
    if own and own not in taken:
        return own
    if own:
        message = f'"{own}" is the id of an entry above'
        fields.complain("id", message, "give every entry its own")
    rest = content.abstract or "".join(link.url for link in content.links[:1])
    return fingerprint(content.title, rest[:_TELLING_CHARACTERS])
