"""The schema of one preferences document: the keys that people know."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, ClassVar, Final, Self, TypeVar

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
from newsletter.preferences.schema.other_words import (
    DOCUMENT_KEYS,
    ENTRIES_KEYS,
    FOLLOW_KEYS,
    FORMATS,
    ORDERS,
    PREFERENCES_KEYS,
    STRICTNESS,
    TOPIC_KEYS,
    WHEN_EMPTY,
)
from newsletter.preferences.schema.scalars import (
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
from newsletter.preferences.schema.sending import SendSection
from newsletter.preferences.schema.surroundings import Surroundings, folded, surroundings_of
from newsletter.preferences.schema.validation import SchemaSection, nearest, quote, wrong
from newsletter.preferences.schema.wording import DASHES, shown

_MOST_TOPICS: Final = 50
_MOST_FOLLOWED: Final = 200
_MOST_MUTED: Final = 50
_MOST_ENTRIES: Final = 50


class TopicSection(SchemaSection):
    """A topic of one's own, or a catalogue topic with a weight of one's own."""

    also_called: ClassVar[Mapping[str, str]] = TOPIC_KEYS

    name: Name = Field(
        description='write name: and a name of yours, or leave out the "- " if it goes on above'
    )
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
    near = nearest(name, around.offered)
    if near is None and (second := re.search(rf" ([-*\u2022{DASHES}]) ?(\S.{{0,40}})", name)):
        message = f'"{second[1]}" begins no item of its own here'
        return wrong(
            message, suggestion=f'write it below the one above: "- {second[2]}"', at=("name",)
        )
    return wrong(
        f"{quote(name)} is no topic of the catalogue",
        suggestion=f'did you mean "{near}"?' if near else _own_topic(name),
        at=("name",),
    )


def _own_topic(name: str) -> str:
    """Tell how a topic of one's own is written."""
    words = re.sub(r"[^\w -]", "", name)[:40].strip()
    return (
        f"for one of your own write {{name: {words}, about: …}}"
        if words
        else "write the name of one, or remove the line"
    )


def _by_name(value: object, info: ValidationInfo) -> object:
    """A topic that is written as one word is meant by its name."""
    if value is None:
        raise wrong(message="is empty", suggestion="write a topic or remove the line")
    if isinstance(value, str):
        return TopicSection.model_validate({"name": value}, context=info.context)
    if isinstance(value, dict) and len(value) == 1:
        _refuse_name_as_key(*next(iter(value.items())), around=surroundings_of(info))
    return value


def _refuse_name_as_key(key: str, value: object, *, around: Surroundings) -> None:
    known = TopicSection.known_keys()
    is_key = key in known or key in TopicSection.also_called or nearest(key, known)
    if is_key and around.topic(key) is None:
        return
    kind = "weight" if isinstance(value, str) and value.replace(".", "").isdigit() else "query"
    what = f", {kind}: {shown(value)}" if isinstance(value, str) else ""
    advice = f"write {{name: {shown(key)}{what}}}"
    raise wrong(message="needs a name and what goes with it", suggestion=advice)


def _not_too_many(value: object) -> object:
    """Of thousands each would be looked up before pydantic counts them."""
    if isinstance(value, list) and len(value) > _MOST_TOPICS:
        message = f"holds {len(value)} items, at most {_MOST_TOPICS} are read"
        raise wrong(message, suggestion=f"remove {len(value) - _MOST_TOPICS} of them")
    return value


def _all_different(topics: tuple[TopicSection, ...]) -> tuple[TopicSection, ...]:
    seen: set[str] = set()
    for index, topic in enumerate(topics):
        if folded(topic.name) in seen:
            message = f"there is a topic {quote(topic.name)} already"
            raise wrong(message, suggestion="remove one of the two", at=(index,))
        seen.add(folded(topic.name))
    return topics


_Names = Annotated[tuple[Name, ...], Field(max_length=_MOST_FOLLOWED)]


class FollowSection(SchemaSection):
    """Authors and organizations whose entries are always shown."""

    also_called: ClassVar[Mapping[str, str]] = FOLLOW_KEYS

    authors: _Names | None = None
    organizations: _Names | None = None

    @classmethod
    def meant_by(cls, written: object) -> str | None:
        """A name, or a list of names, is one of authors."""
        names = [written] if isinstance(written, str) else written
        if isinstance(names, list) and names and all(isinstance(one, str) for one in names):
            listed = ", ".join(shown(one) for one in names[:2]) + (", …" if len(names) > 2 else "")  # noqa: PLR2004
            return f"write {{authors: [{listed}]}}, or organizations"
        return super().meant_by(written)

    def follow(self, default: Follow) -> Follow:
        """Return what is followed, with the defaults for what is not written."""
        return Follow(
            _either(self.authors, default.authors),
            _either(self.organizations, default.organizations),
        )


class EntriesSection(SchemaSection):
    """How many entries a letter has, and which come first."""

    also_called: ClassVar[Mapping[str, str]] = ENTRIES_KEYS

    at_most: Annotated[int | None, PlainValidator(whole(1, _MOST_ENTRIES))] = None
    order: Annotated[Order | None, PlainValidator(one_of(Order, ORDERS))] = None
    minimum_upvotes: Annotated[int | None, PlainValidator(whole(0, 1_000_000))] = None
    revisions: YesNo | None = None
    learn: YesNo | None = None

    @classmethod
    def meant_by(cls, written: object) -> str | None:
        """A number says how many, a word in which order."""
        if isinstance(written, str):
            key = "at_most" if written.isdigit() else "order"
            return f"write {{{key}: {shown(written)}}}"
        return super().meant_by(written)


Topics = Annotated[
    tuple[Annotated[TopicSection, BeforeValidator(_by_name)], ...],
    Field(max_length=_MOST_TOPICS),
    AfterValidator(_all_different),
    BeforeValidator(_not_too_many),
]


class PreferencesSection(SchemaSection):
    """All keys but the person's own: what `defaults` of config.yaml holds as well."""

    also_called: ClassVar[Mapping[str, str]] = PREFERENCES_KEYS

    send: SendSection = SendSection()
    topics: Topics | None = None
    follow: FollowSection = FollowSection()
    mute: Annotated[tuple[QueryText, ...], Field(max_length=_MOST_MUTED)] | None = None
    entries: EntriesSection = EntriesSection()
    strictness: Annotated[Strictness | None, PlainValidator(one_of(Strictness, STRICTNESS))] = None
    when_empty: Annotated[WhenEmpty | None, PlainValidator(one_of(WhenEmpty, WHEN_EMPTY))] = None
    format: Annotated[LetterFormat | None, PlainValidator(one_of(LetterFormat, FORMATS))] = None

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
            learns=_either(self.entries.learn, default.learns),
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


_KEYS_IN_ORDER: Final = ("email", "name", *PreferencesSection.known_keys(), "pause_until")


class DocumentSection(PreferencesSection):
    """A whole document."""

    also_called: ClassVar[Mapping[str, str]] = DOCUMENT_KEYS

    email: Address = Field(description="write the address that letters go to")
    name: Name | None = None
    pause_until: Day | None = None

    @classmethod
    def known_keys(cls) -> tuple[str, ...]:
        """Return the keys in the order in which people write them."""
        return _KEYS_IN_ORDER

    @classmethod
    def meant_by(cls, written: object) -> str | None:
        """A document is keys alone."""
        example = "write one key a line, such as email: ada@example.org"
        return super().meant_by(written) or example

    def preferences(self, around: Surroundings) -> Preferences:
        """Return the document with every default filled in."""
        return replace(
            self.over(around), email=self.email, name=self.name, pause_until=self.pause_until
        )
