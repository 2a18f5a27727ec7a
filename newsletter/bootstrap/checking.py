"""Everything that people wrote, checked at once: config, documents, topics, templates."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from newsletter.bootstrap.document_stores import (
    make_directory_store,
    make_store,
    missing_folder,
)
from newsletter.bootstrap.sample_answers import sample_answers
from newsletter.bootstrap.sample_editions import sample_editions
from newsletter.config import Config, default_templates, read_config
from newsletter.errors import NewsletterError
from newsletter.model import (
    EditionId,
    PreferencesReading,
    Problem,
    RenderedEmail,
    SubscriberId,
)
from newsletter.rendering import (
    make_answer_renderer,
    make_renderer,
    read_templates,
    readable_content,
)
from newsletter.rules.addresses import Secrets, letter_links
from newsletter.rules.composing import compose
from newsletter.storage import open_database


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
    folder = missing_folder(config, path)
    documents = PreferencesReading(()) if folder else _documents(config)
    return Checked(
        config=(*reading.problems, *((folder,) if folder else ()), *_template_problems(config)),
        documents=documents.problems,
        warnings=reading.warnings,
        document_count=len(documents.documents),
    )


def _documents(config: Config) -> PreferencesReading:
    """Read the documents; those in the database need one of this program's."""
    if config.subscribers.store == "directory":
        return make_directory_store(config).read()
    database = open_database(config.database_url)
    try:
        database.migrate()
        return make_store(config, database).read()
    finally:
        database.close()


def _template_problems(config: Config) -> tuple[Problem, ...]:
    """Render all sample editions: a template that cannot show one would fail for somebody."""
    try:
        render_samples(config)
    except NewsletterError as error:
        return (Problem(str(config.templates), 0, 0, "", str(error)),)
    return ()


def render_samples(config: Config) -> Mapping[str, RenderedEmail]:
    """Return every sample edition and answer by its name, in the operator's templates as they are now.

    Raises RenderingError with template and line.
    """
    templates = read_templates([default_templates(), config.templates])
    renderer = make_renderer(templates)
    answer = make_answer_renderer(templates)
    head = config.letterhead()
    secrets = Secrets((b"no secret: a sample",))
    links = letter_links(EditionId("sampleeditionsamplee"), secrets, head, SubscriberId("sample"))
    rendered = {}
    for name, sample in sample_editions().items():
        edition = sample.edition
        contents = {name: readable_content(one) for name, one in sample.contents.items()}
        sources = {one.entry: one.sources for one in (*edition.matches, *edition.also_matched)}
        rendered[name] = renderer.render(compose(edition, contents, sources, head, links))
    answers = {f"answer-{name}": answer(one, head) for name, one in sample_answers(head).items()}
    return {**rendered, **answers}
