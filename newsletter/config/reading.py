"""Read config.yaml: every problem at once, each with its line and a way out."""

from dataclasses import dataclass
from pathlib import Path

from newsletter.config.catalogue import add_catalogue
from newsletter.config.later import find_warnings
from newsletter.config.places import Place
from newsletter.config.settings import Config
from newsletter.config.texts import HOW_TO_BEGIN, read_text
from newsletter.config.topics import CatalogueSettings
from newsletter.errors import ConfigError
from newsletter.model import CatalogueTopic, Problem
from newsletter.preferences import (
    CONFIG_LIMITS,
    MappingNode,
    Node,
    ScalarNode,
    read_yaml,
    validate,
)


@dataclass(frozen=True, slots=True)
class ConfigReading:
    """What came of reading the settings.

    `config` is None, and there are problems, when the file cannot be used.
    """

    config: Config | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def load_config(path: Path) -> Config:
    """Return the settings, or raise ConfigError with all problems, one a line."""
    reading = read_config(path)
    if reading.config is None or reading.problems:
        raise ConfigError("\n".join(str(problem) for problem in reading.problems))
    return reading.config


def read_config(path: Path) -> ConfigReading:
    """Return the settings and everything that is to be said about them. Never raises."""
    text = read_text(path)
    return (
        ConfigReading(None, (text,)) if isinstance(text, Problem) else read_config_text(text, path)
    )


def read_config_text(text: str, path: Path) -> ConfigReading:
    """Return what the settings would be if `text` stood in the file at `path`. Never raises."""
    file = str(path)
    node = read_yaml(text, file, limits=CONFIG_LIMITS)
    if isinstance(node, tuple):
        return ConfigReading(None, node)
    if isinstance(node, ScalarNode) and node.is_empty:
        return ConfigReading(None, (Problem(file, 0, 0, "", "holds no settings", HOW_TO_BEGIN),))
    folder = path.absolute().parent
    whole = add_catalogue(node, file, folder)
    place = Place(_catalogue(whole.node), folder=folder)
    config = validate(whole.node, Config, file, context=place)
    if isinstance(config, tuple):
        return ConfigReading(None, (*whole.problems, *config))
    if whole.problems:
        return ConfigReading(None, whole.problems)
    return ConfigReading(config, warnings=find_warnings(config, node, file))


def _catalogue(node: Node) -> dict[str, CatalogueTopic]:
    """Return the topics ahead of all else, because other sections name them.

    Broken ones are complained about when the whole is validated; their names hold already.
    """
    topics = node.get("topics") if isinstance(node, MappingNode) else None
    if not isinstance(topics, MappingNode):
        return {}
    found: dict[str, CatalogueTopic] = {}
    for key, value in topics.entries:
        read = validate(value, CatalogueSettings, "")
        section = read if isinstance(read, CatalogueSettings) else CatalogueSettings(about=key.text)
        found[key.text] = section.topic(key.text)
    return found
