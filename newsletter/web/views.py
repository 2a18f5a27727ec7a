"""Renders the pages of the web app."""

from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from newsletter.web.assets import Assets

RETRY_AFTER_S: Final = "120"


class Pages:
    """The pages of the newsletter called `name`, each a template in `pages/`.

    `url` is the public address of the site, None where it has none. `takes_mail`: whether readers
    can write to it.
    """

    def __init__(self, name: str, url: str | None = None, *, takes_mail: bool = True) -> None:
        self.name = name
        self.url = url or ""
        self.assets = Assets()
        self._templates = Environment(
            loader=PackageLoader("newsletter.web", "pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,  # else every page asks the disk whether its template changed
        )
        self._templates.globals.update(
            name=name, site_url=url or "", asset=self.assets.address, takes_mail=takes_mail
        )

    def show(self, page: str, *, status: int = 200, **values: object) -> Response:
        """Return one page with its values."""
        template = self._templates.get_template(f"{page}.html.j2")
        return HTMLResponse(template.render(values), status_code=status)

    def trouble(self) -> Response:
        """Return the page that admits a fault of ours, with when to try again."""
        page = self.show("trouble", status=503)
        page.headers["Retry-After"] = RETRY_AFTER_S
        return page

    def too_often(self, wait_s: int) -> Response:
        """Return the page for somebody who asks more often than we answer."""
        page = self.show("too_often", status=429, wait_s=wait_s)
        page.headers["Retry-After"] = str(wait_s)
        return page
