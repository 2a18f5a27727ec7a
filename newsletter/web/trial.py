"""The letters of the trial server, as pages whose links lead here and not to the public address."""

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_HREF: Final = "href=&#34;"
"""How a link stands in a letter that is itself the attribute of a frame."""


class ReceivedPages(StaticFiles):
    """Shows the pages in `folder`; a link of a letter to `url` opens the page of this very server.

    On trial nothing answers at the public address yet. The files, and what the pages show as text,
    stay as they were received.
    """

    def __init__(self, folder: Path, url: str | None) -> None:
        super().__init__(directory=folder, html=True)
        public = urlsplit(url or "")
        self._origin = f"{public.scheme}://{public.netloc}" if public.netloc else ""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, or 404."""
        answer = await super().get_response(path, scope)
        is_page = isinstance(answer, FileResponse) and answer.media_type == "text/html"
        if not (is_page and self._origin and isinstance(answer, FileResponse)):
            return answer
        page = await run_in_threadpool(Path(answer.path).read_text, encoding="utf-8")
        return HTMLResponse(page.replace(f"{_HREF}{self._origin}/", f"{_HREF}/"))
