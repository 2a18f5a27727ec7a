"""The archive: public editions as pages and feeds, and what tells search engines of them."""

from newsletter.web.archive.desk import ArchiveDesk
from newsletter.web.archive.pages import archive_routes
from newsletter.web.archive.sitemap import robots_routes

__all__ = ["ArchiveDesk", "archive_routes", "robots_routes"]
