"""From the settings of a source to its adapter."""

from pathlib import Path

from newsletter.config import FileSettings, SavedPageSettings, SourceSettings
from newsletter.errors import ConfigError
from newsletter.model import SourceName
from newsletter.ports import Source
from newsletter.sources import FileSource, SavedPageSource


def make_source(name: SourceName, settings: SourceSettings) -> Source:
    """Return the adapter of one source; raises ConfigError for a kind that is not there yet."""
    match settings:
        case FileSettings():
            return FileSource(name, settings.path, settings.topics)
        case SavedPageSettings():
            root = Path(settings.path.anchor)
            return SavedPageSource(name, str(settings.path), root, settings.year, settings.topics)
        case _:
            message = f"sources.{name}: kind {settings.kind} comes with a later release"
            raise ConfigError(message)
