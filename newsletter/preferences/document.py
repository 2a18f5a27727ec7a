"""The schema of one preferences document: the keys that people know."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Final, Self, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    ValidationInfo,
    model_validator,
)

from newsletter.model import (
    Follow,
    LetterFormat,
    Order,
    Preferences,
    Strictness,
    Topic,
    WhenEmpty,
)
from newsletter.preferences.scalars import (
    Address,
    Day,
    Name,
    Paragraph,
    QueryText,
    Weight,
    YesNo,
    one_of,
    whole,
)
from newsletter.preferences.sending import SendSection
from newsletter.preferences.surroundings import Surroundings, folded, surroundings_of
from newsletter.preferences.validation import SchemaSection, nearest, quote, wrong

_MOST_TOPICS: Final = 50
_MOST_FOLLOWED: Final = 200
_MOST_MUTED: Final = 50
_MOST_ENTRIES: Final = 50


class TopicSection(SchemaSection):
    """A topic of one's own, or a catalogue topic with a weight of one's own."""

    name: Name
    query: QueryText | None = None
    about: Paragraph | None = None
    weight: Weight | None = None

    @model_validator(mode="after")
    def _has_a_question(self, info: ValidationInfo) -> Self:
        around = surroundings_of(info)
        if self.query is None and self.about is None and around.topic(self.name) is None:
            raise _unknown_topic(self.name, around)
        return self

    def topic(self, around: Surroundings) -> Topic:
        """Return the topic; one without query and about is the catalogue's."""
        weight = 1.0 if self.weight is None else self.weight
        if self.query is None and self.about is None and (known := around.topic(self.name)):
            return replace(known, weight=weight)
        return Topic(self.name, self.name, self.query, self.about, weight)


def _unknown_topic(name: str, around: Surroundings) -> Exception:
    offered = [topic.topic.name for topic in around.catalogue.values()]
    near = nearest(name, offered)
    return wrong(
        f"{quote(name)} is no topic of the catalogue",
        suggestion=f'did you mean "{near}"?' if near else "give it a query, an about or both",
        at=("name",),
    )


def _by_name(value: object, info: ValidationInfo) -> object:
    """A topic that is written as one word is meant by its name."""
    if value is None:
        raise wrong(message="is empty", suggestion="write a topic or remove the line")
    if isinstance(value, str):
        return TopicSection.model_validate({"name": value}, context=info.context)
    return value


def _all_different(topics: tuple[TopicSection, ...]) -> tuple[TopicSection, ...]:
    seen: set[str] = set()
    for index, topic in enumerate(topics):
        if folded(topic.name) in seen:
            raise wrong(f"there is a topic {quote(topic.name)} already", at=(index,))
        seen.add(folded(topic.name))
    return topics


_Names = Annotated[tuple[Name, ...], Field(max_length=_MOST_FOLLOWED)]


class FollowSection(SchemaSection):
    """Authors and organizations whose entries are always shown."""

    authors: _Names | None = None
    organizations: _Names | None = None

    def follow(self, default: Follow) -> Follow:
        """Return what is followed, with the defaults for what is not written."""
        return Follow(
            _either(self.authors, default.authors),
            _either(self.organizations, default.organizations),
        )


class EntriesSection(SchemaSection):
    """How many entries a letter has, and which come first."""

    at_most: Annotated[int | None, PlainValidator(whole(1, _MOST_ENTRIES))] = None
    order: Annotated[Order | None, PlainValidator(one_of(Order))] = None
    minimum_upvotes: Annotated[int | None, PlainValidator(whole(0, 1_000_000))] = None
    revisions: YesNo | None = None


Topics = Annotated[
    tuple[Annotated[TopicSection, BeforeValidator(_by_name)], ...],
    Field(max_length=_MOST_TOPICS),
    AfterValidator(_all_different),
]


class PreferencesSection(SchemaSection):
    """All keys but the person's own: what `defaults` of config.yaml holds as well."""

    send: SendSection = SendSection()
    topics: Topics | None = None
    follow: FollowSection = FollowSection()
    mute: Annotated[tuple[QueryText, ...], Field(max_length=_MOST_MUTED)] | None = None
    entries: EntriesSection = EntriesSection()
    strictness: Annotated[Strictness | None, PlainValidator(one_of(Strictness))] = None
    when_empty: Annotated[WhenEmpty | None, PlainValidator(one_of(WhenEmpty))] = None
    format: Annotated[LetterFormat | None, PlainValidator(one_of(LetterFormat))] = None

    def over(self, around: Surroundings) -> Preferences:
        """Return the defaults of `around` with everything that is written here put in their place."""
        default = around.defaults
        return replace(
            default,
            cadence=self.send.cadence(default.cadence),
            topics=_either(_resolve(self.topics, around), default.topics),
            follow=self.follow.follow(default.follow),
            mute=_either(self.mute, default.mute),
            at_most=_either(self.entries.at_most, default.at_most),
            order=_either(self.entries.order, default.order),
            minimum_upvotes=_either(self.entries.minimum_upvotes, default.minimum_upvotes),
            wants_revisions=_either(self.entries.revisions, default.wants_revisions),
            strictness=_either(self.strictness, default.strictness),
            when_empty=_either(self.when_empty, default.when_empty),
            format=_either(self.format, default.format),
        )


_Value = TypeVar("_Value")


def _either(written: _Value | None, default: _Value) -> _Value:
    return default if written is None else written


def _resolve(
    topics: Iterable[TopicSection] | None, around: Surroundings
) -> tuple[Topic, ...] | None:
    return None if topics is None else tuple(topic.topic(around) for topic in topics)


class DocumentSection(PreferencesSection):
    """A whole document."""

    email: Address = Field(description="write the address that letters go to")
    name: Name | None = None
    pause_until: Day | None = None

    def preferences(self, around: Surroundings) -> Preferences:
        """Return the document with every default filled in."""
        return replace(
            self.over(around), email=self.email, name=self.name, pause_until=self.pause_until
        )
