"""The API for other programs: JSON over HTTP, described by an OpenAPI document."""

from newsletter.web.api.desk import ApiDesk
from newsletter.web.api.late import LateApi

__all__ = ["ApiDesk", "LateApi"]
