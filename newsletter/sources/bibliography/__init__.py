"""Papers that somebody kept in a reference manager, from the files that it exports."""

from newsletter.sources.bibliography.items import Reference
from newsletter.sources.bibliography.reading import Bibliography, read_bibliography

__all__ = ["Bibliography", "Reference", "read_bibliography"]
