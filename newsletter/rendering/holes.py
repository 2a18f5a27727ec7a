"""Takes Jinja out of an MJML template before it is compiled, and puts it back afterwards.

The MJML compiler parses XML and knows nothing of Jinja: a `<` inside `{% if %}` breaks it, quotes
inside an attribute are rewritten, and no line number survives. So every tag becomes a hole, a short
token that the compiler carries through as text. When a hole is filled again, its tag begins a new
line inside a Jinja comment, which shows nothing, and so each line of the result has one place.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from jinja2 import Environment, TemplateSyntaxError

from newsletter.errors import RenderingError
from newsletter.rendering.places import Place, PlacedText

MJML_SUFFIX: Final = ".mjml.j2"
_HOLE: Final = re.compile(r"~@(\d+)@~")
_ENDS: Final = frozenset({"variable_end", "block_end", "raw_end", "comment_end"})
_INCLUDE: Final = re.compile(r"""\{%\s*include\s+(['"])(?P<name>[^'"]+)\1\s*%\}""")
_DEEPEST_INCLUDE: Final = 8


@dataclass(frozen=True, slots=True)
class Tag:
    """One Jinja tag, `{{ … }}` or `{% … %}`, with the place where it begins."""

    source: str
    place: Place


@dataclass(slots=True)
class Perforated:
    """MJML with holes. It grows while templates are read, and is then only looked at."""

    pieces: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)

    @property
    def mjml(self) -> PlacedText:
        """What the MJML compiler is given."""
        return PlacedText("".join(self.pieces), tuple(self.places))

    def add_text(self, text: str, place: Place) -> None:
        """Add markup as it is."""
        self.pieces.append(text)
        later = range(1, text.count("\n") + 1)
        self.places.extend(Place(place.template, place.line + n) for n in later)

    def add_tag(self, tag: Tag) -> None:
        """Add a hole for `tag`."""
        self.pieces.append(f"~@{len(self.tags)}@~")
        self.tags.append(tag)

    def begin(self, name: str) -> None:
        """Begin a file on a line of its own."""
        if self.pieces:
            self.pieces.append("\n")
        self.places.append(Place(name, 1))

    def resume(self, place: Place) -> None:
        """Go on with a file after another was included."""
        self.pieces.append("\n")
        self.places.append(place)

    def fill(self, compiled: str) -> PlacedText:
        """Return `compiled` with every tag back in its hole; a hole may come more than once."""
        parts = _HOLE.split(compiled)
        pieces = [parts[0]]
        places = [Place(self.places[0].template)] * (parts[0].count("\n") + 1)
        for number, text in zip(parts[1::2], parts[2::2], strict=True):
            tag = self.tags[int(number)]
            pieces += ["{#\n#}", tag.source, text]
            later = range(tag.source.count("\n") + 1)
            places += [Place(tag.place.template, tag.place.line + n) for n in later]
            places += [places[-1]] * text.count("\n")
        return PlacedText("".join(pieces), tuple(places))


def perforate(name: str, templates: Mapping[str, str], environment: Environment) -> Perforated:
    """Return the MJML template `name` with holes for its tags.

    `{% include "….mjml.j2" %}` is resolved here, because an included piece must be compiled with
    the whole; its tags remember their own file. Raises RenderingError for what Jinja cannot read,
    an include that does not exist, and includes that go round in a circle.
    """
    result = Perforated()
    _read(name, templates, environment, result, ())
    return result


def _read(
    name: str,
    templates: Mapping[str, str],
    environment: Environment,
    result: Perforated,
    within: tuple[Place, ...],
) -> None:
    source = _source(name, templates, within)
    result.begin(name)
    for tag in _tags(name, source, environment):
        included = _INCLUDE.fullmatch(tag.source)
        if included and included["name"].endswith(MJML_SUFFIX):
            _read(included["name"], templates, environment, result, (*within, tag.place))
            result.resume(tag.place)
        elif tag.source.startswith(("{{", "{%")):
            result.add_tag(tag)
        else:
            result.add_text(tag.source, tag.place)


def _source(name: str, templates: Mapping[str, str], within: tuple[Place, ...]) -> str:
    where = f"{within[-1]}: " if within else ""
    if name not in templates:
        message = f"{where}there is no template {name}"
        raise RenderingError(message)
    if len(within) > _DEEPEST_INCLUDE:
        message = f"{where}templates include each other more than {_DEEPEST_INCLUDE} deep"
        raise RenderingError(message)
    if _HOLE.search(templates[name]):
        message = f"{name}: the text ~@number@~ cannot stand in a template"
        raise RenderingError(message)
    return templates[name]


def _tags(name: str, source: str, environment: Environment) -> list[Tag]:
    """Cut `source` into tags and the markup between them; comments are left out.

    The lexer has taken away blanks where a tag says `{%-` or `-%}`: the signs are done with.
    """
    found: list[Tag] = []
    open_tag: list[str] = []
    begins_at = 0
    try:
        for line, kind, value in environment.lex(source, name, name):
            if kind == "data":
                found.append(Tag(value, Place(name, line)))
                continue
            if not open_tag:
                begins_at = line
            open_tag.append(_without_signs(kind, value))
            if kind in _ENDS:
                text = "".join(open_tag)
                open_tag.clear()
                if kind != "comment_end":
                    found.append(Tag(text, Place(name, begins_at)))
    except TemplateSyntaxError as error:
        message = f"{Place(name, error.lineno)}: {error.message}"
        raise RenderingError(message) from error
    return found


def _without_signs(kind: str, value: str) -> str:
    if kind.endswith("_begin"):
        return value.rstrip("-+")
    return value.strip().lstrip("-+") if kind in _ENDS else value
