"""From the settings of the sources to what collecting and matching ask about them."""

from collections.abc import Mapping
from dataclasses import replace

from newsletter.config import Config, SourceSettings
from newsletter.model import LIBRARY, SourceName
from newsletter.rules.collecting import SourceTerms, usual_terms
from newsletter.rules.topicality import EntryField, SourceTopicality, Topicality, differing


def make_terms(sources: Mapping[SourceName, SourceSettings]) -> Mapping[SourceName, SourceTerms]:
    """Return what counts as news of each source: as it is set, else as is usual for its kind."""
    return {name: _terms(settings) for name, settings in sources.items()}


def sources_of_low_trust(sources: Mapping[SourceName, SourceSettings]) -> frozenset[SourceName]:
    """Return the sources that only fill gaps in what others say."""
    low = (name for name, settings in sources.items() if settings.trust == "low")
    return frozenset((LIBRARY, *low))


def make_topicality(config: Config) -> Topicality:
    """Return what the sources' settings make of their entries; {} where none is set."""
    offered = config.catalogue()
    return differing(
        {
            name: SourceTopicality(
                settings.weight,
                frozenset(map(EntryField, settings.fields)),
                tuple(offered[topic].topic for topic in settings.topics),
            )
            for name, settings in config.sources.items()
        }
    )


def _terms(settings: SourceSettings) -> SourceTerms:
    usual = usual_terms(settings.kind)
    most = usual.at_most_new if settings.at_most_new is None else settings.at_most_new
    return replace(usual, since=settings.since, at_most_new=most)
