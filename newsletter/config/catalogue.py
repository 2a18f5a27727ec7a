"""The catalogue that stands outside config.yaml: one that comes with the program, or a file of one's own.

Its topics go into the `topics` of the settings before those are checked, so that everything else knows
one catalogue. A topic that config.yaml writes itself changes the one of the same name key by key;
a new `query` or `about` there takes the place of both.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from pydantic import Field

from newsletter.config.texts import read_text
from newsletter.config.topics import Topics
from newsletter.model import Problem
from newsletter.preferences import (
    CONFIG_LIMITS,
    MappingNode,
    Node,
    ScalarNode,
    SchemaSection,
    nearest,
    quote,
    read_yaml,
    validate,
)

SHIPPED: Final = ("research",)
"""The catalogues that come with the program, by name: each a file beside this one."""

_KEY: Final = "catalogue"
_TOPICS: Final = "topics"
_QUESTIONS: Final = frozenset({"query", "about"})


class CatalogueFile(SchemaSection):
    """A file of topics, in the shape of the section of config.yaml."""

    topics: Topics = Field(description="write topics: and below it NAME: {title: …, query: …}")


@dataclass(frozen=True, slots=True)
class Catalogued:
    """The settings with the topics of the catalogue among theirs, and what is wrong with it."""

    node: Node
    problems: tuple[Problem, ...] = ()


def add_catalogue(node: Node, file: str, folder: Path) -> Catalogued:
    """Return the settings of `file` with the catalogue that they name; relative paths start at `folder`.

    A catalogue with a mistake is left out whole. Settings that name none come back as they are.
    """
    named = node.get(_KEY) if isinstance(node, MappingNode) else None
    if not isinstance(node, MappingNode) or not isinstance(named, ScalarNode) or named.is_empty:
        return Catalogued(node)
    path = _path(named.text, folder)
    if named.text not in SHIPPED and not path.is_file():
        return Catalogued(node, (_unknown(named, path, file),))
    topics = _read(path)
    if isinstance(topics, tuple):
        return Catalogued(node, topics)
    return Catalogued(_with_topics(node, topics))


def _path(name: str, folder: Path) -> Path:
    return Path(__file__).with_name(f"{name}.yaml") if name in SHIPPED else folder / name


def _unknown(named: ScalarNode, path: Path, file: str) -> Problem:
    near = nearest(named.text, SHIPPED)
    remedy = f'did you mean "{near}"?' if near else "write research, or the path of a YAML file"
    message = f"{quote(named.text)} is no catalogue of the program's, and there is no file {path}"
    return Problem(file, named.line, named.column, _KEY, message, remedy)


def _read(path: Path) -> MappingNode | tuple[Problem, ...]:
    text = read_text(path)
    return (text,) if isinstance(text, Problem) else _read_text(text, str(path))


@lru_cache(maxsize=4)  # it takes half the time of reading a config, and seldom changes
def _read_text(text: str, file: str) -> MappingNode | tuple[Problem, ...]:
    node = read_yaml(text, file, limits=CONFIG_LIMITS)
    if isinstance(node, tuple):
        return node
    read = validate(node, CatalogueFile, file)
    if isinstance(read, tuple):
        return read
    topics = node.get(_TOPICS) if isinstance(node, MappingNode) else None
    return topics if isinstance(topics, MappingNode) else MappingNode(0, 0, ())


def _with_topics(node: MappingNode, offered: MappingNode) -> MappingNode:
    own = node.find(_TOPICS)
    key, written = own or (ScalarNode(offered.line, offered.column, _TOPICS), ScalarNode(0, 0, ""))
    if isinstance(written, MappingNode):
        topics = _merged(offered, written)
    elif isinstance(written, ScalarNode) and written.is_empty:
        topics = offered
    else:
        return node  # the check of the settings says what is wrong with their topics
    others = tuple(entry for entry in node.entries if entry[0].text != _TOPICS)
    return replace(node, entries=(*others, (key, topics)))


def _merged(offered: MappingNode, written: MappingNode) -> MappingNode:
    """Return the topics of both in the order offered; places are those of what was written."""
    topics = {key.text: (key, value) for key, value in offered.entries}
    for key, value in written.entries:
        known = topics.get(key.text)
        topics[key.text] = (key, _changed(known[1], value) if known else value)
    return replace(written, entries=tuple(topics.values()))


def _changed(offered: Node, written: Node) -> Node:
    if not isinstance(offered, MappingNode) or not isinstance(written, MappingNode):
        return written
    own = {key.text for key, value in written.entries if not _is_empty(value)}
    dropped = own | (_QUESTIONS if own & _QUESTIONS else frozenset())
    kept = tuple(entry for entry in offered.entries if entry[0].text not in dropped)
    told = tuple(entry for entry in written.entries if entry[0].text in own)
    return replace(written, entries=(*kept, *told))


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.is_empty
