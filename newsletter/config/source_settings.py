"""What the settings of every source have in common."""

import re
from datetime import date, timedelta
from typing import Annotated

from pydantic import AfterValidator, PlainValidator, ValidationInfo

from newsletter.config.scalars import Duration, WebUrl
from newsletter.preferences import (
    SchemaSection,
    Weight,
    one_word,
    plain_text,
    quote,
    suggest,
    surroundings_of,
    text,
    whole,
    wrong,
)
from newsletter.rules.topicality import ALL_FIELDS


def _catalogue_topic(value: object, info: ValidationInfo) -> str:
    """Return the name of a catalogue topic as the catalogue writes it."""
    around = surroundings_of(info)
    written = text(100)(value)
    if topic := around.topic(written):
        return topic.name
    names = [offered.topic.name for offered in around.catalogue.values()]
    raise wrong(
        f"{quote(written)} is no topic of the catalogue",
        suggestion=suggest(written, names, label="topics"),
    )


def _day(value: object) -> date:
    written = plain_text(value)
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", written):
            return date.fromisoformat(written)
    except ValueError:
        pass  # 2026-02-30: said below, like any other text
    raise wrong(f"{quote(written)} is no day; write YYYY-MM-DD")


def not_empty(items: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a list without anything in it."""
    if not items:
        raise wrong(message="is empty", suggestion="name at least one")
    return items


class SourceSettings(SchemaSection):
    """What every source has. `every` is the interval at which `serve` collects it."""

    kind: str
    every: Duration = timedelta(hours=1)
    topics: tuple[Annotated[str, PlainValidator(_catalogue_topic)], ...] = ()
    """Catalogue topics that every entry of this source answers."""
    weight: Weight = 1.0
    """What the scores of its entries are multiplied by; of several sources the greatest counts."""
    trust: Annotated[str, PlainValidator(one_word("normal", "low"))] = "normal"
    """What a source of low trust says only fills gaps in what others say of the same entry."""
    fields: Annotated[
        tuple[Annotated[str, PlainValidator(one_word(*ALL_FIELDS))], ...], AfterValidator(not_empty)
    ] = ALL_FIELDS
    """Where topics look for their words in its entries, and wherever another of their sources allows."""
    since: Annotated[date | None, PlainValidator(_day)] = None
    """Of its first pull, what was announced on this day or later is news; None: the last announcement."""
    at_most_new: Annotated[int | None, PlainValidator(whole(1, 1_000_000))] = None
    """More new entries in one pull are a flood, and held; None: what is usual for the kind."""


class WebSourceSettings(SourceSettings):
    """What every source on the web has besides."""

    deadline: Duration = timedelta(minutes=2)
    """For one pull, waiting included."""


class ServiceSettings(WebSourceSettings):
    """What every source has besides that asks a service, not an address of the operator's."""

    base: WebUrl | None = None
    """What is asked in place of the service: a mirror, or a server that imitates it."""
