"""The `topics` section: the catalogue that subscribers choose from."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import PlainValidator, model_validator

from newsletter.model import CatalogueTopic, Topic
from newsletter.preferences import Name, Paragraph, QueryText, SchemaSection, YesNo, text, wrong


class CatalogueSettings(SchemaSection):
    """One topic of the catalogue; `default` is for people who name no topic."""

    title: Name | None = None
    default: YesNo = False
    query: QueryText | None = None
    about: Paragraph | None = None

    @model_validator(mode="after")
    def _has_a_question(self) -> Self:
        if self.query is None and self.about is None:
            raise wrong(message="needs a query, an about or both")
        return self

    def topic(self, name: str) -> CatalogueTopic:
        """Return the topic that subscribers name `name`."""
        words = name.replace("-", " ").replace("_", " ")
        title = self.title or words[:1].upper() + words[1:]
        return CatalogueTopic(Topic(name, title, self.query, self.about), self.default)


Topics = Mapping[Annotated[str, PlainValidator(text(100))], CatalogueSettings]
