"""Imitates four blogs: pages that announce feeds, and a feed of each kind with validators."""

from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from newsletter.testing.services.blog_feeds import WRITERS, Blog
from newsletter.testing.services.exchange import HTML, Call, Reply, text_reply
from newsletter.testing.services.faults import Fault
from newsletter.testing.services.world import Post

FEEDS: Final = {
    "workshop": ("rss.xml", "application/rss+xml", "Workshop Notes"),
    "marginalia": ("atom.xml", "application/atom+xml", "Marginalia"),
    "tideline": ("index.rdf", "application/rdf+xml", "The Tideline"),
    "ledger": ("feed.json", "application/feed+json", "Ledger of Doubts"),
}
"""Of each blog: the name of its feed, its type, and its title."""


def answer(call: Call) -> Reply:
    """Return a feed, or a page that announces one; `/` announces all."""
    name, _, rest = call.path.strip("/").partition("/")
    if not name:
        return _page(call, "Four blogs", tuple(FEEDS))
    if name not in FEEDS:
        return text_reply("Not Found", 404, HTML)
    if not rest:
        return _page(call, FEEDS[name][2], (name,))
    if rest == FEEDS[name][0]:
        return _validated(call, _feed(call, name))
    return _post_page(call, name, rest)


def _posts(call: Call, name: str) -> list[Post]:
    """Return what a blog has published by now, the latest first."""
    found = [one for one in call.world.posts if one.blog == name and one.published_at <= call.now]
    return sorted(found, key=lambda one: one.published_at, reverse=True)


def _feed(call: Call, name: str) -> Reply:
    posts = _posts(call, name)
    blog = Blog(
        url=f"{call.url}/{name}/",
        feed_url=f"{call.url}/{name}/{FEEDS[name][0]}",
        title=FEEDS[name][2],
        now=call.now,
        faults=call.faults,
        page=call.number("page", 1) or 1,
    )
    body = WRITERS[name](blog, posts).encode()
    headers: dict[str, str] = {"Cache-Control": "max-age=3600"}
    if Fault.NO_VALIDATORS not in call.faults:
        headers |= {
            "ETag": f'"{sha256(body).hexdigest()[:20]}"',
            "Last-Modified": format_datetime(_changed(call, posts), usegmt=True),
        }
    return Reply(200, body, f"{FEEDS[name][1]}; charset=utf-8", headers)


def _changed(call: Call, posts: list[Post]) -> datetime:
    from_posts = posts[0].published_at if posts else call.now - timedelta(days=30)
    return from_posts.astimezone(call.now.tzinfo)


def _validated(call: Call, reply: Reply) -> Reply:
    """Return 304 without a body to whoever has that already (RFC 9110 section 13.1)."""
    tag, since = call.header("If-None-Match"), call.header("If-Modified-Since")
    if "ETag" not in reply.headers:
        return reply
    is_same = tag == reply.headers["ETag"] if tag else _is_since(since, reply)
    return Reply(304, headers=reply.headers) if is_same else reply


def _is_since(since: str | None, reply: Reply) -> bool:
    if not since:
        return False
    try:
        return parsedate_to_datetime(since) >= parsedate_to_datetime(reply.headers["Last-Modified"])
    except ValueError:
        return False


def _page(call: Call, title: str, names: tuple[str, ...]) -> Reply:
    """Return a page whose links to feeds are written in the ways that pages write them."""
    links = []
    for place, name in enumerate(names):
        file, kind, feed_title = FEEDS[name]
        address = file if len(names) == 1 else f"{name}/{file}"
        if place % 2:
            address = f"{call.url}/{address}"
        links.append(
            f'<link rel="alternate" type="{kind}" title={quoteattr(feed_title)} href="{address}">'
        )
    posts = [post for name in names for post in _posts(call, name)]
    items = "".join(f'<li><a href="{one.slug}">{escape(one.title)}</a></li>' for one in posts)
    return text_reply(
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<link rel="stylesheet" href="/style.css">\n{chr(10).join(links)}\n'
        f'<LINK REL="Alternate" HREFLANG="de" HREF="de/">\n</head>\n'
        f"<body><h1>{title}</h1><ul>{items}</ul></body>\n</html>\n",
        200,
        HTML,
    )


def _post_page(call: Call, name: str, slug: str) -> Reply:
    for post in _posts(call, name):
        if post.slug == slug:
            text = f"<h1>{escape(post.title)}</h1><p>{escape(post.text)}</p>"
            return text_reply(
                f"<!doctype html><title>{escape(post.title)}</title>{text}", 200, HTML
            )
    return text_reply("Not Found", 404, HTML)
