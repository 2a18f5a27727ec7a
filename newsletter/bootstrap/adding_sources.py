"""A source that is added to config.yaml: found out, drafted, tried, written."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from newsletter.bootstrap.known_sources import known_as
from newsletter.bootstrap.newsroom import Newsroom
from newsletter.bootstrap.source_terms import make_terms
from newsletter.bootstrap.sources import make_source
from newsletter.bootstrap.web import make_web
from newsletter.config import ArxivSettings, SourceSettings, WebSourceSettings, read_config_text
from newsletter.errors import ConfigError, PreferencesError
from newsletter.model import PullOrder, PullStep, SourceName
from newsletter.ports import Web
from newsletter.preferences import (
    CONFIG_LIMITS,
    MappingNode,
    Put,
    Value,
    edit,
    locked,
    read_value,
    read_yaml,
    write_whole,
)
from newsletter.sources import AskedOnce, Candidate, Discovery, discover, name_for
from newsletter.storage import PaceStore
from newsletter.workflows import Rehearsal, rehearse

_SECTION: Final = "sources"
_LONGEST_TRIAL: Final = timedelta(minutes=1)
_LONGEST_COMMENT: Final = 60

Tell = Callable[[PullStep], None]


@dataclass(frozen=True, slots=True)
class Addition:
    """A source that is not yet in config.yaml.

    `block` is what is added, as a document of its own. `before` and `after` are the whole file;
    `known_as` is the source that asks for the same already, None without one.
    """

    name: SourceName
    settings: SourceSettings
    block: str
    before: bytes
    after: str
    known_as: SourceName | None


def web_for_adding(room: Newsroom) -> Web:
    """Return the web for one addition: what was found out is tried without asking again."""
    return AskedOnce(make_web(room.config, PaceStore(room.database)))


def find_sources(room: Newsroom, written: str, web: Web, tell: Tell) -> Discovery:
    """Return the sources that an address or a path is."""
    folder = room.config_path.absolute().parent
    return discover(written, web, PullOrder(room.clock.now(), on_step=tell), folder=folder)


def draft_source(room: Newsroom, candidate: Candidate, name: str | None) -> Addition:
    """Return what adding `candidate` would make of config.yaml; nothing is written.

    Without a `name` it gets one. Raises ConfigError with every problem of the config as it would
    be, and where it cannot be changed without changing more than this.
    """
    sources = room.config.sources
    known = SourceName(name or name_for(candidate, [str(one) for one in sources]))
    before = room.config_path.read_bytes()
    try:
        text = before.decode()
        after = _with_source(text, known, candidate)
        block = _with_source("", known, candidate)
    except (PreferencesError, UnicodeDecodeError) as error:
        raise ConfigError(f"{room.config_path}: {error}") from error
    reading = read_config_text(after, room.config_path)
    if reading.config is None or reading.problems:
        problems = "\n".join(str(problem) for problem in reading.problems)
        raise ConfigError(f"{problems}\nThe source was not added; nothing was written.")
    settings = reading.config.sources[known]
    return Addition(known, settings, block, before, after, known_as(settings, sources))


def try_addition(room: Newsroom, addition: Addition, web: Web, tell: Tell) -> Rehearsal:
    """Pull the source as if it stood in config.yaml, for a minute at most; nothing is stored."""
    settings = _for_a_trial(addition.settings)
    contact = room.config.http.contact or room.config.newsletter.owner
    source = make_source(addition.name, settings, web, contact)
    ports = replace(room.collecting(), terms=make_terms({addition.name: settings}))
    return rehearse(source, ports, tell)


def write_addition(room: Newsroom, addition: Addition) -> None:
    """Write config.yaml with the source in it: whole, or not at all.

    Raises ConfigError when somebody else has changed the file meanwhile, and when it cannot be
    written.
    """
    path = room.config_path.resolve()  # a link to the file stays a link
    try:
        with locked(room.config.data):
            write_whole(path, addition.after.encode(), expected=addition.before)
    except PreferencesError as error:
        raise ConfigError(str(error)) from error


def _with_source(text: str, name: SourceName, candidate: Candidate) -> str:
    """Return the settings with the source in them, a comment beside its name where there is room."""
    block: dict[str, Value] = {
        "kind": candidate.kind,
        **_values(candidate),
        "every": candidate.every,
    }
    added = edit(text, Put((_SECTION, str(name)), block), limits=CONFIG_LIMITS)
    commented = _commented(added, name, candidate)
    is_same = commented != added and read_value(commented, limits=CONFIG_LIMITS) == read_value(
        added, limits=CONFIG_LIMITS
    )
    return commented if is_same else added


def _values(candidate: Candidate) -> dict[str, Value]:
    return {
        key: value if isinstance(value, str) else list(value)
        for key, value in candidate.settings.items()
    }


def _commented(text: str, name: SourceName, candidate: Candidate) -> str:
    node = read_yaml(text, "config.yaml", limits=CONFIG_LIMITS)
    section = node.get(_SECTION) if isinstance(node, MappingNode) else None
    found = section.find(str(name)) if isinstance(section, MappingNode) else None
    comment = _plain(candidate.title)[:_LONGEST_COMMENT].rstrip()
    if not found or not comment or candidate.kind != "feed":
        return text
    lines = text.split("\n")
    place = min(found[0].line, len(lines)) - 1
    bare = lines[place].rstrip("\r")
    if bare.strip() in {f"{name}:", f"'{name}':"}:
        lines[place] = f"{bare} # {comment}{lines[place][len(bare) :]}"
    return "\n".join(lines)


def _plain(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _for_a_trial(settings: SourceSettings) -> SourceSettings:
    """Return the settings with less time, and without questions that only add to the answer."""
    if isinstance(settings, ArxivSettings):
        settings = settings.model_copy(update={"enrich": False, "back_fill": False})
    if isinstance(settings, WebSourceSettings):
        settings = settings.model_copy(update={"deadline": min(settings.deadline, _LONGEST_TRIAL)})
    return settings
