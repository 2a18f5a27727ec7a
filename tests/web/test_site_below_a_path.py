"""A site below a path: every link, redirect and cookie stays below it."""

import re
from collections.abc import Callable

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from newsletter.web import Health, Site, make_app
from newsletter.web.guards import Below

Serve = Callable[[Starlette], httpx.Client]


def site(url: str) -> Starlette:
    return make_app(Site(name="Papers", url=url, health=lambda: Health(is_well=True)))


@pytest.mark.parametrize("prefix", ["", "/news"])
def test_pages_link_below_the_path_whether_or_not_the_server_in_front_cuts_it_off(
    serve: Serve, prefix: str
) -> None:
    client = serve(site("https://lab.example.org/news"))
    for page in ("/", "/nowhere"):
        text = client.get(f"{prefix}{page}").text
        links = re.findall(r'(?:href|src|action)="(/[^"]*)"', text)
        assert links
        assert all(link.startswith("/news/") for link in links)
        assert client.get(links[0].removeprefix("/news") if not prefix else links[0]).is_success


def test_a_site_at_the_root_is_left_as_it_is(serve: Serve) -> None:
    assert "/news" not in serve(site("https://news.example.org")).get("/").text


async def page(request: Request) -> Response:
    if "go" in request.query_params:
        answer: Response = RedirectResponse("/operator")
        answer.set_cookie("a", "b", path="/operator")
        answer.set_cookie("c", "d")
        return answer
    text = '<a href="/a"></a><a href="//other"></a><a href="https://x/"></a><p>href="/text"</p>'
    return HTMLResponse(text if "page" in request.query_params else "")


def test_redirects_and_cookies_go_below_and_other_sites_are_left_alone(serve: Serve) -> None:
    app = Starlette(routes=[Route("/", page)])
    app.add_middleware(Below, path="/news")
    client = serve(app)
    answer = client.get("/news?go=1")
    assert answer.headers["location"] == "/news/operator"
    cookies = answer.headers.get_list("set-cookie")
    assert [re.search(r"Path=([^;]*)", one, re.IGNORECASE)[1] for one in cookies] == [  # type: ignore[index]
        "/news/operator",
        "/news/",
    ]
    assert client.get("/?page=1").text == (
        '<a href="/news/a"></a><a href="//other"></a><a href="https://x/"></a><p>href="/text"</p>'
    )
    assert client.get("/").text == ""
    assert client.head("/?page=1").headers["content-length"]
