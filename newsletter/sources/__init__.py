"""Where entries come from: one adapter per module, each fills the port `Source`."""

from newsletter.sources.file import FileSource
from newsletter.sources.saved_page import SavedPageSource

__all__ = ["FileSource", "SavedPageSource"]
