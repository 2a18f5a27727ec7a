"""Style sheets and scripts of the pages: each under the hash of its bytes, so it may be kept for good."""

from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FOR_GOOD: Final = "public, max-age=31536000, immutable"
_HASH_LENGTH: Final = 12
_TYPES: Final = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


class Assets:
    """The files of `static/`, read once."""

    def __init__(self) -> None:
        folder = files("newsletter.web").joinpath("static")
        self._files = {
            one.name: one.read_bytes()
            for one in folder.iterdir()
            if one.name.rpartition(".")[2] in _TYPES
        }
        self._addresses: Mapping[str, str] = {
            name: f"/static/{sha256(octets).hexdigest()[:_HASH_LENGTH]}/{name}"
            for name, octets in self._files.items()
        }

    def address(self, name: str) -> str:
        """Return where a file stands. Raises KeyError for one that is not there."""
        return self._addresses[name]

    @property
    def route(self) -> Route:
        """Return the route to all of them; an old hash still finds the file of today."""
        return Route("/static/{hash}/{name}", self._answer)

    async def _answer(self, request: Request) -> Response:
        name = request.path_params["name"]
        octets = self._files.get(name)
        if octets is None:
            return Response(status_code=404)
        is_today = self._addresses[name] == request.url.path
        return Response(
            octets,
            media_type=_TYPES[name.rpartition(".")[2]],
            headers={"Cache-Control": FOR_GOOD if is_today else "no-cache"},
        )
