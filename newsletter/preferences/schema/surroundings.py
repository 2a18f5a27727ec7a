"""What the document does not say itself: the catalogue it names topics of, and the defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from unicodedata import normalize

from pydantic import ValidationInfo

from newsletter.model import CatalogueTopic, EmailAddress, Preferences, Topic

UNNAMED = EmailAddress("")
"""Stands for the address in preferences that are defaults, not a person's."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the validators of a document look things up in (pydantic's validation context)."""

    catalogue: Mapping[str, CatalogueTopic] = field(default_factory=dict)
    defaults: Preferences = Preferences(email=UNNAMED)  # noqa: RUF009 (frozen)
    names: Mapping[str, Topic] = field(init=False)
    """Catalogue topics by their folded names and titles."""
    offered: tuple[str, ...] = field(init=False)
    """The names of the catalogue's topics, as the operator wrote them."""

    def __post_init__(self) -> None:
        """Fold the names once, not for each document."""
        topics = [offered.topic for offered in self.catalogue.values()]
        by_title = {folded(topic.title): topic for topic in topics}
        by_name = {folded(topic.name): topic for topic in topics}
        object.__setattr__(self, "names", {**by_title, **by_name})
        object.__setattr__(self, "offered", tuple(topic.name for topic in topics))

    def topic(self, name: str) -> Topic | None:
        """Return the catalogue topic of that name or title."""
        return self.names.get(folded(name))


def folded(name: str) -> str:
    """Fold a topic name: `Reinforcement Learning` and `reinforcement-learning` are the same."""
    plain = normalize("NFKC", name).casefold()
    return "-".join(plain.replace("-", " ").replace("_", " ").split())


def surroundings_of(info: ValidationInfo) -> Surroundings:
    """Return what `validate` was given, or nothing at all."""
    return info.context if isinstance(info.context, Surroundings) else Surroundings()
