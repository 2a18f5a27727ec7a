"""Check a tree against a schema: every problem at once, each with its place and a way out."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from newsletter.model import Problem
from newsletter.preferences.nodes import ListNode, Located, Node, ScalarNode, as_data, locate

_MOST_PROBLEMS: Final = 50
_MOST_SHOWN: Final = 12
"""So many valid values are listed; of more only the nearest is named."""
_LONGEST_WORD: Final = 64
"""What is longer than this is no slip of the pen: no nearest word is looked for."""


class SchemaSection(BaseModel):
    """A mapping with fixed keys. An unknown key is a problem, an empty value means the default.

    Text that a subscriber or an operator must write where it is required says so in the field's
    description, which becomes the end of the message.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def known_keys(cls) -> tuple[str, ...]:
        """Return the keys as they are written, in order."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())

    @model_validator(mode="before")
    @classmethod
    def _mark_keys(cls, data: object) -> object:
        if isinstance(data, cls):
            return data
        known = cls.known_keys()
        if not isinstance(data, dict):
            raise wrong(
                message="needs keys of its own", suggestion=f"known keys: {', '.join(known)}"
            )
        return _Keys(
            cls, ((key, value) for key, value in data.items() if _is_told(key, value, known))
        )


def _is_told(key: object, value: object, known: tuple[str, ...]) -> bool:
    return value is not None or key not in known


class _Keys(dict[str, object]):
    """The keys of one section, with the section they are checked against.

    pydantic names the input of a problem, not the class: this carries it there.
    """

    def __init__(self, section: type[SchemaSection], keys: Iterable[tuple[str, object]]) -> None:
        known = section.known_keys()
        super().__init__(
            (key, value if key in known else _UnknownKey(known)) for key, value in keys
        )
        self.section = section


class _UnknownKey:
    """Stands for the value of an unknown key and knows which keys there are."""

    def __init__(self, known: tuple[str, ...]) -> None:
        self.known = known


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


def quote(text: str) -> str:
    """Show what somebody wrote, cut after forty characters."""
    return f'"{text}"' if len(text) <= 40 else f'"{text[:40]}…"'  # noqa: PLR2004


def nearest(word: str, options: Iterable[str]) -> str | None:
    """Return the option that a slip of the pen would turn into `word`."""
    if len(word) > _LONGEST_WORD:
        return None
    folded: dict[str, str] = {option.casefold(): option for option in options}
    found = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def suggest(word: str, options: Iterable[str], *, label: str) -> str | None:
    """Return `did you mean "port"?`, else the list of what there is when it is short."""
    known = tuple(options)
    if near := nearest(word, known):
        return f'did you mean "{near}"?'
    return f"{label}: {', '.join(known)}" if 0 < len(known) <= _MOST_SHOWN else None


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
        details = error.errors(include_url=False)[:_MOST_PROBLEMS]
    problems = (_problem(node, detail, file) for detail in details)
    return tuple(sorted(problems, key=lambda problem: (problem.line, problem.column)))


def _problem(node: Node, detail: ErrorDetails, file: str) -> Problem:
    told: Mapping[str, Any] = detail.get("ctx", {})
    if detail["type"] == "wrong":
        path = (*detail["loc"], *told["at"])
        found = locate(node, path)
        line, column = _place(found, told["position"])
        return Problem(file, line, column, found.path, told["message"], told["suggestion"])
    if detail["type"] == "missing":
        return _missing(node, detail, file)
    found = locate(node, detail["loc"])
    place = found.node
    if detail["type"] == "extra_forbidden":
        place = found.key or place
    message, suggestion = _SENTENCES.get(detail["type"], _as_said)(detail, found)
    return Problem(file, place.line, place.column, found.path, message, suggestion)


def _place(found: Located, position: int | None) -> tuple[int, int]:
    node = found.node
    if position is None or not isinstance(node, ScalarNode):
        return node.line, node.column
    return node.line, node.column_of(position)


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


def _unknown_key(detail: ErrorDetails, found: Located) -> _Sentence:
    written = found.path.rpartition(".")[2]
    known: tuple[str, ...] = getattr(detail["input"], "known", ())
    return "unknown key", suggest(written, known, label="known keys")


def _no_list(_detail: ErrorDetails, found: Located) -> _Sentence:
    if isinstance(found.node, ScalarNode) and not found.node.is_empty:
        return "needs a list", f"write [{found.node.text[:40]}]"
    return "needs a list", 'write [one, two], or lines that begin with "- "'


def _no_mapping(_detail: ErrorDetails, _found: Located) -> _Sentence:
    return "needs keys of its own, each on a line below it", None


def _too_many(detail: ErrorDetails, found: Located) -> _Sentence:
    count = len(found.node.items) if isinstance(found.node, ListNode) else "too many"
    return f"holds {count} items, at most {detail['ctx']['max_length']} are read", None


def _as_said(detail: ErrorDetails, _found: Located) -> _Sentence:
    return detail["msg"], None


_SENTENCES: Final[Mapping[str, Callable[[ErrorDetails, Located], _Sentence]]] = {
    "extra_forbidden": _unknown_key,
    "tuple_type": _no_list,
    "mapping_type": _no_mapping,
    "dict_type": _no_mapping,
    "too_long": _too_many,
}
"""What pydantic itself finds. Everything else is raised by our own types, in our own words."""
