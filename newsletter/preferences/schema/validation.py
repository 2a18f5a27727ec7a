"""Check a tree against a schema: every problem at once, each with its place and a way out."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, ClassVar, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from newsletter.model import Problem
from newsletter.preferences.schema.sections import Home, homes_of
from newsletter.preferences.schema.wording import (
    DASHES,
    did_you_mean,
    nearest,
    quote,
    shown,
    suggest,
)
from newsletter.preferences.yaml_text.nodes import (
    ListNode,
    Located,
    MappingNode,
    Node,
    ScalarNode,
    as_data,
    locate,
)

_MOST_PROBLEMS: Final = 50


class SchemaSection(BaseModel):
    """A mapping with fixed keys. An unknown key is a problem, an empty value means the default.

    Text that a subscriber or an operator must write where it is required says so in the field's
    description, which becomes the end of the message.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    also_called: ClassVar[Mapping[str, str]] = {}
    """What people write for a key → its name, or `section.key` where it stands elsewhere."""

    @classmethod
    def known_keys(cls) -> tuple[str, ...]:
        """Return the keys as they are written, in order."""
        return _known_keys(cls)

    @classmethod
    def meant_by(cls, written: object) -> str | None:
        """Return how to write the section that is meant by a single value or a list, if one is."""
        is_list = isinstance(written, list) and all(isinstance(item, dict) for item in written)
        return 'leave out the "- " before its keys' if is_list and written else None

    @model_validator(mode="before")
    @classmethod
    def _mark_keys(cls, data: object) -> object:
        if isinstance(data, cls):
            return data
        known = cls.known_keys()
        if not isinstance(data, dict):
            advice = cls.meant_by(data) or f"known keys: {', '.join(known)}"
            raise wrong(message="needs keys of its own", suggestion=advice)
        return _Keys(cls, data)


@cache
def _known_keys(section: type[SchemaSection]) -> tuple[str, ...]:
    return tuple(field.alias or name for name, field in section.model_fields.items())


class _Keys(dict[str, object]):
    """The keys of one section, with the section they are checked against.

    pydantic names the input of a problem, not the class: this carries it there. A known key
    without a value is left out, an unknown one knows where it stands.
    """

    def __init__(self, section: type[SchemaSection], data: Mapping[str, object]) -> None:
        super().__init__(data)
        self.section = section
        known = section.known_keys()
        for key, value in data.items():
            if key not in known:
                self[key] = _UnknownKey(section)
            elif value is None:
                del self[key]


class _UnknownKey:
    """Stands for the value of an unknown key and knows which section it is in."""

    def __init__(self, section: type[SchemaSection]) -> None:
        self.section = section


def wrong(
    message: str,
    *,
    suggestion: str | None = None,
    at: tuple[str | int, ...] = (),
    position: int | None = None,
) -> PydanticCustomError:
    """Make the error for a validator to raise.

    `at` leads from the validated value to the one that is wrong; `position` is the character of
    the text, from 0, None for all of it.
    """
    details = {"message": message, "suggestion": suggestion, "at": at, "position": position}
    return PydanticCustomError("wrong", "wrong value", details)


_Section = TypeVar("_Section", bound=SchemaSection)


def validate(
    node: Node, schema: type[_Section], file: str, *, context: object = None
) -> _Section | tuple[Problem, ...]:
    """Return what `node` says as a `schema`, or every problem in the order of the file.

    `context` is handed to the validators (`ValidationInfo.context`). At most fifty problems.
    """
    try:
        return schema.model_validate(as_data(node), context=context)
    except ValidationError as error:
        details = error.errors(include_url=False)
    return _Judge(node, schema, file).problems(details)


class _Judge:
    """Turns what pydantic found in one tree into problems for its writer."""

    def __init__(self, node: Node, schema: type[SchemaSection], file: str) -> None:
        self._node = node
        self._schema = schema
        self._file = file
        self._meant: set[str] = set()
        """Paths of keys that were misspelt: they are not missing as well."""

    def problems(self, details: list[ErrorDetails]) -> tuple[Problem, ...]:
        told = details if len(details) <= _MOST_PROBLEMS else details[: _MOST_PROBLEMS - 1]
        every = [self._problem(detail) for detail in told]
        problems = [
            one for one in every if not (one.message == "is required" and one.key in self._meant)
        ]
        problems.sort(key=lambda problem: (problem.line, problem.column))
        if more := len(details) - len(told):
            last, advice = problems[-1], "mend the others first"
            message = f"there are {more:,} more mistakes"
            problems.append(Problem(self._file, last.line, last.column, "", message, advice))
        return tuple(problems)

    def _problem(self, detail: ErrorDetails) -> Problem:
        told: Mapping[str, Any] = detail.get("ctx", {})
        if detail["type"] == "wrong":
            found = locate(self._node, (*detail["loc"], *told["at"]))
            place = _place(found, told["position"])
            return Problem(self._file, *place, found.path, told["message"], told["suggestion"])
        if detail["type"] == "missing":
            return _missing(self._node, detail, self._file)
        found = locate(self._node, detail["loc"])
        node = found.node
        if detail["type"] == "extra_forbidden":
            node = found.key or node
            sentence = self._unknown_key(detail, found)
        else:
            sentence = _SENTENCES.get(detail["type"], _as_said)(detail, found)
        return Problem(self._file, node.line, node.column, found.path, *sentence)

    def _unknown_key(self, detail: ErrorDetails, found: Located) -> "_Sentence":
        section: type[SchemaSection] | None = getattr(detail["input"], "section", None)
        if section is None or found.key is None:
            return "unknown key", None
        above, _, _ = found.path.rpartition(".")
        written, known = found.key.text, section.known_keys()
        plain = "_".join(written.casefold().replace("-", " ").replace("_", " ").split())
        named = section.also_called.get(plain, plain)
        near = named if named in known else nearest(written, known)
        if near:
            self._meant.add(f"{above}.{near}" if above else near)
            return "unknown key", did_you_mean(near)
        homes = homes_of(self._schema, SchemaSection)
        if advice := _moved(named, homes):
            return "does not belong here", advice
        elsewhere = nearest(written, tuple(homes))
        if elsewhere and (home := _only(homes[elsewhere])):
            return "unknown key", f'did you mean "{elsewhere}" {home.phrase}?'
        return "unknown key", suggest(written, known, label="known keys")


def _moved(named: str, homes: Mapping[str, tuple[Home, ...]]) -> str | None:
    """Return where a key belongs that is known elsewhere, in one place alone."""
    above, _, key = named.rpartition(".")
    home = _only(tuple(one for one in homes.get(key, ()) if not above or one.name == above))
    if home is None:
        return None
    return f'write "{key}" {home.phrase}' if above else f"write it {home.phrase}"


def _only(homes: tuple[Home, ...]) -> Home | None:
    return homes[0] if len(homes) == 1 else None


def _place(found: Located, position: int | None) -> tuple[int, int]:
    node = found.node
    if position is None or not isinstance(node, ScalarNode):
        return node.line, node.column
    return node.place_of(position)


def _missing(node: Node, detail: ErrorDetails, file: str) -> Problem:
    """The place of what is not there is the key above it."""
    found = locate(node, detail["loc"])
    name = str(detail["loc"][-1])
    place = found.key or found.node
    if found.path.rpartition(".")[2] == name:
        path = found.path  # the key is there and empty
    else:
        path = f"{found.path}.{name}" if found.path else name
    section = getattr(detail["input"], "section", None)
    return Problem(file, place.line, place.column, path, "is required", _remedy(section, name))


def _remedy(section: type[SchemaSection] | None, name: str) -> str | None:
    fields = section.model_fields.items() if section else ()
    return next((field.description for key, field in fields if name in (key, field.alias)), None)


_Sentence = tuple[str, str | None]


def _no_list(_detail: ErrorDetails, found: Located) -> _Sentence:
    match found.node:
        case ScalarNode(text=text) if text:
            return "needs a list", _as_list(found.node)
        case MappingNode(entries=((key, value), *_)):
            item = shown(key.text)
            if isinstance(value, ScalarNode) and value.text and not value.text.isdigit():
                item = f"'{item}:{shown(value.text)}'"
            return (
                "needs a list, not keys",
                f'write each item on a line that begins with "- ": - {item}',
            )
    return "needs a list", 'write [one, two], or lines that begin with "- "'


_SIGNS: Final = "-\u2022\u00b7" + DASHES


def _as_list(node: ScalarNode) -> str:
    """Tell how to write as a list what was written as one text."""
    lines = [line.strip() for line in node.raw.split("\n")]
    if all(line[:1] in _SIGNS for line in lines if line):
        first = shown(lines[0].lstrip(_SIGNS).strip())
        sign = lines[0][0]
        how = "a space after the dash" if sign == "-" else f'a plain dash and a space, not "{sign}"'
        return f'begin each item with {how}: "- {first}"'
    text = shown(node.text)
    return (
        f"write ['{text}']"
        if any(sign in text for sign in ':#[]{}"*&!|>%@`')
        else f"write [{text}]"
    )


def _no_mapping(_detail: ErrorDetails, _found: Located) -> _Sentence:
    return "needs keys of its own, each on a line below it", None


def _too_many(detail: ErrorDetails, found: Located) -> _Sentence:
    most = detail["ctx"]["max_length"]
    count = len(found.node.items) if isinstance(found.node, ListNode) else most
    return f"holds {count} items, at most {most} are read", f"remove {count - most} of them"


def _as_said(detail: ErrorDetails, _found: Located) -> _Sentence:
    return detail["msg"], None


_SENTENCES: Final[Mapping[str, Callable[[ErrorDetails, Located], _Sentence]]] = {
    "tuple_type": _no_list,
    "mapping_type": _no_mapping,
    "dict_type": _no_mapping,
    "too_long": _too_many,
}
"""What pydantic itself finds. Everything else is raised by our own types, in our own words."""

__all__ = ["SchemaSection", "nearest", "quote", "suggest", "validate", "wrong"]
