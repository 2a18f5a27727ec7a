"""The JSON Schema of a preferences document, so that editors complete and check what people write.

Structure, enums and limits of lists come from the sections that the loader checks against; what a
key means comes from `schema_words`. The schema is for what a YAML 1.2 editor reads: there `12` is a
number and `no` a text, while our loader takes every scalar as its text. So a name may be a number
here as well, and a number may stand in quotes. Time zones, addresses, topic queries and catalogue
names are checked by the loader alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from types import NoneType
from typing import Annotated, Any, Final, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from newsletter.preferences.schema.document import DocumentSection
from newsletter.preferences.schema.json_words import SHAPES, WORDS, Words

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Schema = dict[str, Json]

SCHEMA_NAME: Final = "preferences.schema.json"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def document_schema(catalogue: Iterable[str] = ()) -> Schema:
    """Return the schema (draft 2020-12); names of `catalogue` topics are offered as completions."""
    schema = _section(DocumentSection, "", tuple(catalogue))
    words = WORDS[""]
    return {
        "$schema": _DIALECT,
        "title": words.title,
        "description": words.description,
        **schema,
    }


def keys_of(section: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Yield every key below `section` by its dotted path; items of lists have their list's path."""
    for name, field in section.model_fields.items():
        key = f"{prefix}{field.alias or name}"
        yield key, field
        for inner in _sections_in(field.annotation):
            yield from keys_of(inner, f"{key}.")


def _section(section: type[BaseModel], prefix: str, catalogue: tuple[str, ...]) -> Schema:
    fields = {field.alias or name: field for name, field in section.model_fields.items()}
    order = [key for key in WORDS if key.startswith(prefix)]
    names = sorted(fields, key=lambda name: order.index(f"{prefix}{name}"))
    schema: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _key(f"{prefix}{name}", fields[name], catalogue) for name in names},
    }
    required: list[Json] = [name for name in names if fields[name].is_required()]
    return {**schema, "required": required} if required else schema


def _key(key: str, field: FieldInfo, catalogue: tuple[str, ...]) -> Schema:
    words = WORDS[key]
    shape = _shape(key, field, catalogue)
    described: Schema = {"title": words.title, "description": words.description}
    if words.default is not None:
        described["default"] = words.default
    if words.examples:
        described["examples"] = list(words.examples)
    if field.is_required():
        return {**described, **shape}
    # An empty value means the default.
    if "enum" in shape and isinstance(shape["enum"], list):
        return {**described, "enum": [*shape["enum"], None]}
    if isinstance(shape.get("type"), str):
        return {**described, **shape, "type": [shape["type"], "null"]}
    return {**described, "anyOf": [shape, {"type": "null"}]}


def _shape(key: str, field: FieldInfo, catalogue: tuple[str, ...]) -> Schema:
    if key in SHAPES:
        return _offering(SHAPES[key], catalogue) if key == "topics.name" else dict(SHAPES[key])
    for kind in _parts(field.annotation):
        if isinstance(kind, type) and issubclass(kind, Enum):
            return {"enum": [str(one.value) for one in kind]}
        if isinstance(kind, type) and issubclass(kind, BaseModel) and not _is_list(field):
            return {**_section(kind, f"{key}.", catalogue), **_conditions(key)}
    return {"type": "array", "items": _item(key, field, catalogue), **_most(field)}


def _conditions(key: str) -> Mapping[str, Json]:
    return WORDS[key].conditions


def _item(key: str, field: FieldInfo, catalogue: tuple[str, ...]) -> Schema:
    for inner in _sections_in(field.annotation):
        name = _offering(SHAPES[f"{key}.name"], catalogue)
        return {"anyOf": [name, _section(inner, f"{key}.", catalogue)]}
    return dict(SHAPES[f"{key}[]"])


def _offering(shape: Mapping[str, Json], names: tuple[str, ...]) -> Schema:
    """Offer names to complete without refusing others: titles and other spellings are read too."""
    return {"anyOf": [{"enum": list(names)}, dict(shape)]} if names else dict(shape)


def _is_list(field: FieldInfo) -> bool:
    return any(get_origin(part) is tuple for part in _parts(field.annotation))


def _most(field: FieldInfo) -> Schema:
    found = [one.max_length for one in _annotations(field) if hasattr(one, "max_length")]
    return {"maxItems": found[0]} if found else {}


def _annotations(field: FieldInfo) -> Iterator[Any]:
    yield from field.metadata
    for part in _unwrapped(field.annotation):
        if get_origin(part) is Annotated:
            for one in part.__metadata__:
                yield from one.metadata if isinstance(one, FieldInfo) else [one]


def _parts(annotation: Any) -> Iterator[Any]:
    """Yield what an annotation is made of, without None and without the contents of tuples."""
    for part in _unwrapped(annotation):
        if get_origin(part) is Annotated:
            yield from _parts(part.__origin__)
        elif part is not NoneType:
            yield part


def _unwrapped(annotation: Any) -> Iterator[Any]:
    is_plain = isinstance(annotation, type) or get_origin(annotation) in {Annotated, tuple}
    yield from [annotation] if is_plain else get_args(annotation)


def _sections_in(annotation: Any) -> Iterator[type[BaseModel]]:
    for part in _parts(annotation):
        if get_origin(part) is tuple:
            yield from _sections_in(get_args(part)[0])
        elif isinstance(part, type) and issubclass(part, BaseModel):
            yield part


__all__ = ["SCHEMA_NAME", "Schema", "Words", "document_schema", "keys_of"]
