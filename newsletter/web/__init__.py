"""The web pages: a way out for every letter, health for the operator, received letters on trial."""

from newsletter.web.app import make_app
from newsletter.web.asgi import asgi
from newsletter.web.callbacks import Ballots, ByToken, CheckHealth, Health
from newsletter.web.leaving import LeavingDesk
from newsletter.web.opening import site_of
from newsletter.web.preview import force_look, make_preview_app
from newsletter.web.server import WebServer
from newsletter.web.site import Site

__all__ = [
    "Ballots",
    "ByToken",
    "CheckHealth",
    "Health",
    "LeavingDesk",
    "Site",
    "WebServer",
    "asgi",
    "force_look",
    "make_app",
    "make_preview_app",
    "site_of",
]
