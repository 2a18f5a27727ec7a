"""The page of `newsletter preview --watch`: all sample editions, rendered anew at every look."""

import html
from collections.abc import Callable, Mapping
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from newsletter.errors import NewsletterError
from newsletter.model import RenderedEmail

_DARK_QUERY: Final = "@media (prefers-color-scheme: dark)"
_FRAME: Final = """<figure><figcaption>{label}</figcaption>
<iframe src="/sample/{name}?look={look}" width="{width}" height="900" title="{label}"></iframe></figure>"""
_PAGE: Final = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Sample editions</title>
<style>body{{font:16px/1.5 Georgia,serif;margin:2rem;background:#f4f2ec;color:#222}}
nav a{{margin-right:1rem}}section{{display:flex;gap:1rem;overflow-x:auto}}figure{{margin:0}}
figcaption{{font:14px system-ui,sans-serif}}iframe{{border:1px solid #ccc;background:#fff}}
pre{{background:#fff;padding:1rem;white-space:pre-wrap}}</style>
<h1>Sample editions</h1><p>Save a template and this page shows it. All papers and people are invented.</p>
<nav>{links}</nav>{body}<script src="/reload.js"></script></html>"""
_RELOAD: Final = """let seen = null;
setInterval(async () => {
  const answer = await fetch("/version"), now = await answer.text();
  if (seen !== null && seen !== now) location.reload();
  seen = now;
}, 500);
"""
_LOOKS: Final = (("light", 375), ("dark", 375), ("light", 680), ("dark", 680))


def make_preview_app(
    render: Callable[[], Mapping[str, RenderedEmail]], version: Callable[[], str]
) -> Starlette:
    """Return the app. `render` is asked at every look; `version` changes when a template does."""

    async def page(_: Request) -> Response:
        return HTMLResponse(_page(render))

    async def sample(request: Request) -> Response:
        return _sample(render, request.path_params["name"], request.query_params.get("look", ""))

    async def version_now(_: Request) -> Response:
        return PlainTextResponse(version())

    async def reload(_: Request) -> Response:
        return Response(_RELOAD, media_type="text/javascript")

    return Starlette(
        routes=[
            Route("/", page),
            Route("/sample/{name}", sample),
            Route("/version", version_now),
            Route("/reload.js", reload),
        ]
    )


def force_look(letter: str, look: str) -> str:
    """Return the letter as a reader with light or dark mode sees it, whatever this machine has."""
    return letter.replace(_DARK_QUERY, "@media all" if look == "dark" else "@media not all")


def _page(render: Callable[[], Mapping[str, RenderedEmail]]) -> str:
    try:
        samples = render()
    except NewsletterError as error:
        return _PAGE.format(links="", body=f"<pre>{html.escape(str(error))}</pre>")
    links = "".join(f'<a href="#{name}">{name}</a>' for name in samples)
    return _PAGE.format(links=links, body="".join(map(_section, samples)))


def _section(name: str) -> str:
    frames = "".join(
        _FRAME.format(label=f"{name}, {look}, {width} px", name=name, look=look, width=width)
        for look, width in _LOOKS
    )
    text = f'<p><a href="/sample/{name}?look=text">the text part</a></p>'
    return f'<h2 id="{name}">{name}</h2><section>{frames}</section>{text}'


def _sample(render: Callable[[], Mapping[str, RenderedEmail]], name: str, look: str) -> Response:
    try:
        found = render().get(name)
    except NewsletterError as error:
        return PlainTextResponse(str(error), status_code=500)
    if found is None:
        return PlainTextResponse("There is no such sample.", status_code=404)
    if look == "text" or found.html is None:
        return PlainTextResponse(found.text)
    return HTMLResponse(force_look(found.html, look))
