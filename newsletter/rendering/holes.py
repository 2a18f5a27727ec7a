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
_TAG_BEGIN: Final = re.compile(r"\{[{%#]")
_ENDS: Final = frozenset({"variable_end", "block_end"})
_SHOWS_NOTHING: Final = frozenset(
    {"raw_begin", "raw_end", "comment_begin", "comment", "comment_end"}
)
_INCLUDE: Final = re.compile(r"""\{%\s*include\s+(['"])(?P<name>[^'"]+)\1\s*%\}""")
_DEEPEST_INCLUDE: Final = 8
# Where a line may end without a trace: between attributes, and before the end of a tag.
_BEFORE_STYLE: Final = re.compile(r' (?=style=")')
_BEFORE_VALUE: Final = re.compile(r"""(?<=")(?=>\Z)|[ ](?=[\w-]+="\Z)|(?=<title>\Z)""")
_AFTER_TAG: Final = re.compile(
    r"""\A(?:(</title>) | (</\w+)(?=>) | (")[ ](?=[\w-]+="))""", re.VERBOSE
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A Jinja tag, `{{ … }}` or `{% … %}`, or the markup between two; `place` is where it begins."""

    source: str
    place: Place
    is_tag: bool


@dataclass(slots=True)
class Perforated:
    """MJML with holes. It grows while templates are read, and is then only looked at."""

    pieces: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    tags: list[Piece] = field(default_factory=list)

    @property
    def mjml(self) -> PlacedText:
        """What the MJML compiler is given."""
        return PlacedText("".join(self.pieces), tuple(self.places))

    def add_text(self, text: str, place: Place) -> None:
        """Add markup as it is."""
        self.pieces.append(text)
        later = range(1, text.count("\n") + 1)
        self.places.extend(Place(place.template, place.line + n) for n in later)

    def add_tag(self, tag: Piece) -> None:
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
        """Return `compiled` with every tag back in its hole; a hole may come more than once.

        The compiler's lines are long, and to encode a line for mail costs by its length. So lines
        end inside HTML tags, before a style and around what is printed, which changes nothing else.
        """
        first, *parts = _HOLE.split(_BEFORE_STYLE.sub("\n", compiled))
        pieces = [first]
        places = [Place(self.places[0].template)] * (first.count("\n") + 1)
        for number, text in zip(parts[::2], parts[1::2], strict=True):
            tag = self.tags[int(number)]
            if tag.source.startswith("{{"):
                pieces[-1], ended = _BEFORE_VALUE.subn("\n", pieces[-1])
                places += [places[-1]] * ended
            after = _AFTER_TAG.sub(_end_line, text)
            pieces += ["{#\n#}", tag.source, after]
            later = range(tag.source.count("\n") + 1)
            places += [Place(tag.place.template, tag.place.line + n) for n in later]
            places += [places[-1]] * after.count("\n")
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
    for piece in _cut(name, source, environment):
        included = _INCLUDE.fullmatch(piece.source)
        if included and included["name"].endswith(MJML_SUFFIX):
            _read(included["name"], templates, environment, result, (*within, piece.place))
            result.resume(piece.place)
        elif piece.is_tag:
            result.add_tag(piece)
        else:
            result.add_text(piece.source, piece.place)


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


def _cut(name: str, source: str, environment: Environment) -> list[Piece]:
    """Cut `source` into tags and the markup between them; comments are left out.

    The lexer has taken away blanks where a tag says `{%-` or `-%}`: the signs are done with.
    """
    pieces: list[Piece] = []
    open_tag: list[str] = []
    begins_at = 1
    try:
        for line, kind, value in environment.lex(source, name, name):
            if kind == "data":
                pieces.append(_markup(value, Place(name, line)))
            elif kind not in _SHOWS_NOTHING:
                begins_at = begins_at if open_tag else line
                open_tag.append(_without_signs(kind, value))
                if kind in _ENDS:
                    pieces.append(Piece("".join(open_tag), Place(name, begins_at), is_tag=True))
                    open_tag.clear()
    except TemplateSyntaxError as error:
        message = f"{Place(name, error.lineno)}: {error.message}"
        raise RenderingError(message) from error
    return pieces


def _end_line(found: re.Match[str]) -> str:
    return f"{found[1] or found[2] or found[3]}\n"


def _markup(text: str, place: Place) -> Piece:
    """Return markup; text that looks like a tag comes from a raw block and becomes one again."""
    if _TAG_BEGIN.search(text):
        return Piece(f"{{% raw %}}{text}{{% endraw %}}", place, is_tag=True)
    return Piece(text, place, is_tag=False)


def _without_signs(kind: str, value: str) -> str:
    if kind.endswith("_begin"):
        return value.rstrip("-+")
    return value.strip().lstrip("-+") if kind in _ENDS else value
