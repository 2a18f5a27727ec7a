"""Renders the pages of the web app."""

from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

RETRY_AFTER_S: Final = "120"


class Pages:
    """The pages of the newsletter called `name`, each a template in `pages/`."""

    def __init__(self, name: str) -> None:
        self._templates = Environment(
            loader=PackageLoader("newsletter.web", "pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["name"] = name
        self._style = files("newsletter.web").joinpath("pages/style.css").read_text("utf-8")

    def show(self, page: str, *, status: int = 200, **values: object) -> Response:
        """Return one page with its values."""
        template = self._templates.get_template(f"{page}.html.j2")
        return HTMLResponse(template.render(values), status_code=status)

    def trouble(self) -> Response:
        """Return the page that admits a fault of ours, with when to try again."""
        page = self.show("trouble", status=503)
        page.headers["Retry-After"] = RETRY_AFTER_S
        return page

    def style(self) -> Response:
        """Return the style sheet of all pages; it may be kept, unlike pages."""
        return Response(
            self._style, media_type="text/css", headers={"Cache-Control": "max-age=3600"}
        )
