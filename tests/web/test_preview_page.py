"""The page of `preview --watch`: every sample edition, or the error of a template with its place."""

from collections.abc import Callable, Mapping

import httpx
from starlette.applications import Starlette

from newsletter.errors import RenderingError
from newsletter.model import RenderedEmail
from newsletter.web import force_look, make_preview_app

LETTER = RenderedEmail(
    "A subject", "the text", "<style>@media (prefers-color-scheme: dark) {}</style><p>Hello"
)


Serve = Callable[[Starlette], httpx.Client]


def page(html: str | None = LETTER.html) -> Starlette:
    letter = RenderedEmail("A subject", "the text", html)
    return make_preview_app(lambda: {"one": letter}, lambda: "7")


def broken() -> Mapping[str, RenderedEmail]:
    message = "edition.mjml.j2:3: unknown tag <mj-nothing>"
    raise RenderingError(message)


def test_each_sample_is_framed_in_both_looks_and_widths(serve: Serve) -> None:
    text = serve(page()).get("/").text
    for look in ("light", "dark"):
        for width in (375, 680):
            assert f"one, {look}, {width} px" in text


def test_a_look_is_forced_whatever_the_machine_prefers(serve: Serve) -> None:
    assert LETTER.html
    assert "@media all" in force_look(LETTER.html, "dark")
    assert "@media not all" in serve(page()).get("/sample/one?look=light").text


def test_the_text_part_can_be_read(serve: Serve) -> None:
    assert serve(page()).get("/sample/one?look=text").text == "the text"
    assert serve(page(None)).get("/sample/one?look=dark").text == "the text"


def test_a_broken_template_shows_its_place(serve: Serve) -> None:
    client = serve(make_preview_app(broken, lambda: "7"))
    assert "&lt;mj-nothing&gt;" in client.get("/").text
    assert client.get("/sample/one").status_code == 500


def test_an_unknown_sample_is_not_found_and_the_version_is_told(serve: Serve) -> None:
    assert serve(page()).get("/sample/two").status_code == 404
    assert serve(page()).get("/version").text == "7"
    assert "/version" in serve(page()).get("/reload.js").text
