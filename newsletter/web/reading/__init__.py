"""Letters in the browser, and the feeds that one reader alone has."""

from newsletter.web.reading.desk import ReadingDesk
from newsletter.web.reading.pages import reading_routes

__all__ = ["ReadingDesk", "reading_routes"]
