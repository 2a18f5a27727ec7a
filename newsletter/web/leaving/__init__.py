"""Leaving: the pages behind the unsubscribe link of a letter."""

from newsletter.web.leaving.desk import LeavingDesk
from newsletter.web.leaving.routes import leaving_routes

__all__ = ["LeavingDesk", "leaving_routes"]
