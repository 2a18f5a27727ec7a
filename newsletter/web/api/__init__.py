"""The API for other programs: JSON over HTTP, described by an OpenAPI document."""

from newsletter.web.api.desk import ApiDesk
from newsletter.web.api.late import api_routes

__all__ = ["ApiDesk", "api_routes"]
