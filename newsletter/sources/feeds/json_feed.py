"""JSON Feed, versions 1 and 1.1 (jsonfeed.org)."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urljoin

from newsletter.errors import FetchError
from newsletter.model import Page
from newsletter.rules.fetching import brief
from newsletter.sources.feeds.posts import MOST_POSTS, Post, ReadFeed, shown_title
from newsletter.sources.json_fields import LONGEST_TITLE, JsonFields, as_line, read_json
from newsletter.sources.urls import read_url

_VERSION: Final = "https://jsonfeed.org/version/1"
_LONGEST_URL: Final = 2_000


def looks_like_json(page: Page) -> bool:
    """Whether a page is JSON, by what it begins with: feeds come under many types."""
    return page.body[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read_json_feed(page: Page) -> ReadFeed:
    """Return the posts of a page; raises FetchError when it is no JSON Feed."""
    feed = JsonFields.of(read_json(page))
    version = feed.text("version") or ""
    if not version.startswith(_VERSION) and "items" not in feed.values:
        message = f"{brief(page.url)}: this is JSON, but no JSON Feed; it names no version of jsonfeed.org"
        raise FetchError(message, status=page.status)
    shared = tuple(_names(feed))
    language = feed.text("language") or ""
    items = list(feed.parts("items"))
    problems = []
    if len(items) > MOST_POSTS:
        problems.append(f"{brief(page.url)}: the feed has more than {MOST_POSTS} posts")
    posts = (_post(item, page.url, shared, language) for item in items[:MOST_POSTS])
    following = feed.text("next_url", _LONGEST_URL)
    return ReadFeed(
        tuple(posts),
        tuple(problems),
        read_url(urljoin(page.url, following)) if following else None,
        shown_title(feed.text("title", LONGEST_TITLE) or ""),
        "JSON Feed",
    )


def _post(item: JsonFields, base: str, shared: tuple[str, ...], language: str) -> Post:
    texts = (_raw(item, "content_html"), _raw(item, "content_text"), _raw(item, "summary"))
    link = item.text("external_url", _LONGEST_URL) or item.text("url", _LONGEST_URL) or ""
    attachments = item.parts("attachments")
    return Post(
        identifier=as_line(item.values.get("id"), _LONGEST_URL) or "",
        link=urljoin(base, link) if link else "",
        title=item.text("title", LONGEST_TITLE) or "",
        texts=tuple(text for text in texts if text),
        authors=tuple(_names(item)) or shared,
        published_at=item.moment("date_published") or item.moment("date_modified"),
        tags=item.texts("tags", 100),
        pdfs=tuple(
            url
            for one in attachments
            if one.text("mime_type") == "application/pdf" and (url := one.url("url"))
        ),
        language=item.text("language") or language,
    )


def _names(fields: JsonFields) -> Iterator[str]:
    """Yield the authors of version 1.1, or the one author of version 1."""
    for author in (*fields.parts("authors"), fields.part("author")):
        if name := author.text("name"):
            yield name


def _raw(item: JsonFields, key: str) -> str:
    value = item.values.get(key)
    return value if isinstance(value, str) else ""
