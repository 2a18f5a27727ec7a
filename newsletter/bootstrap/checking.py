"""Everything that people wrote, checked at once: config, documents, topics, templates."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from newsletter.config import Config, default_templates, read_config
from newsletter.errors import RenderingError
from newsletter.model import (
    EmailAddress,
    EntryContent,
    EntryId,
    Letter,
    LetterEntry,
    LetterFormat,
    LetterLinks,
    Problem,
    Reader,
    Slot,
    SourceName,
    SubscriberId,
)
from newsletter.preferences import DirectoryStore
from newsletter.rendering import make_renderer, read_templates

_DAY: Final = date(2026, 1, 5)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found. `config` problems stop everything, `documents` only their subscribers."""

    config: tuple[Problem, ...]
    documents: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    document_count: int


def check_all(path: Path) -> Checked:
    """Check the config at `path` and all that it names. Never raises for what people wrote."""
    reading = read_config(path)
    if reading.config is None:
        return Checked(reading.problems, (), reading.warnings, 0)
    config = reading.config
    documents = DirectoryStore(
        config.subscribers_path, config.catalogue(), config.default_preferences()
    ).read()
    return Checked(
        config=(*reading.problems, *_template_problems(config)),
        documents=documents.problems,
        warnings=reading.warnings,
        document_count=len(documents.documents),
    )


def _template_problems(config: Config) -> tuple[Problem, ...]:
    """Render one sample letter: a template that cannot show it would fail for everybody."""
    try:
        templates = read_templates([default_templates(), config.templates])
        make_renderer(templates).render(_sample_letter(config))
    except RenderingError as error:
        return (Problem(str(config.templates), 0, 0, "", str(error)),)
    return ()


def _sample_letter(config: Config) -> Letter:
    sample = LetterEntry(
        id=EntryId("sample"),
        content=EntryContent(title="A sample entry", abstract="It stands for all others."),
        sources=(SourceName("sample"),),
        summary="It stands for all others.",
        reasons=("a sample",),
    )
    return Letter(
        letterhead=config.letterhead(),
        reader=Reader(
            SubscriberId("sample"),
            EmailAddress("sample@example.org"),
            None,
            LetterFormat.HTML,
            ("Samples",),
        ),
        slot=Slot(_DAY, datetime(_DAY.year, _DAY.month, _DAY.day, 8, tzinfo=UTC), "UTC"),
        subject="A sample letter",
        preheader="It checks the templates",
        headline="1 entry for you",
        entries=(sample,),
        also_matched=(sample,),
        links=LetterLinks(
            unsubscribe_mailto="mailto:unsubscribe@example.org",
            preferences_mailto="mailto:news@example.org",
            help_mailto="mailto:help@example.org",
        ),
    )
