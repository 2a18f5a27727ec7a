"""Jinja as letters use it: sandboxed, strict, and every failure with file and line."""

import traceback
from collections.abc import Mapping
from typing import TYPE_CHECKING

from jinja2 import (
    FunctionLoader,
    StrictUndefined,
    Template,
    TemplateSyntaxError,
    UndefinedError,
    meta,
    nodes,
)

from newsletter.errors import RenderingError
from newsletter.rendering.cards import Cards
from newsletter.rendering.division import LETTER, NotDivisibleError, divide
from newsletter.rendering.parts import PartEncoder
from newsletter.rendering.places import Place, PlacedText
from newsletter.rendering.plain import rule
from newsletter.rendering.sandbox import LetterEnvironment
from newsletter.rendering.scripts import direction, side
from newsletter.rendering.stencils import wrap_or_mark
from newsletter.rendering.views import LetterView

if TYPE_CHECKING:  # who only delivers letters need not load the words of answers
    from newsletter.rendering.answer_views import AnswerView


class TemplateSet:
    """Compiled templates of one kind, HTML or text, that render a letter, or an answer."""

    def __init__(
        self, sources: Mapping[str, PlacedText], *, is_html: bool, given: str = LETTER
    ) -> None:
        """Compile `sources`, by name; raises RenderingError for the first that is broken.

        In HTML every value is escaped, and the filter that would prevent it does not exist. `given`
        is the one name that templates know.
        """
        self._sources = sources
        self._given = given
        self._is_html = is_html
        self._environment = new_environment(is_html=is_html)
        self._environment.loader = FunctionLoader(self._load)
        for name in sources:
            self._compile(name)

    def render(self, name: str, view: "LetterView | AnswerView") -> str:
        """Return the template `name` filled in; raises RenderingError with file, line and cause."""
        try:
            return self._environment.get_template(name).render({self._given: view})
        except Exception as error:  # a template is the operator's program: it can raise anything
            message = f"{self._place(error, name)}: {_cause(error)}"
            raise RenderingError(message) from error

    def check_names(self, name: str) -> None:
        """Raise RenderingError where the template `name` uses a name that it is not given."""
        tree = self._environment.parse(self._sources[name].text, name, name)
        known = {self._given, *self._environment.globals}
        unknown = meta.find_undeclared_variables(tree) - known
        used = [node for node in tree.find_all(nodes.Name) if node.name in unknown]
        if used:
            place = self._sources[name].place(used[0].lineno)
            message = f'{place}: "{used[0].name}" is not known; a template is given "{self._given}"'
            raise RenderingError(message)

    def make_encoder(self, name: str) -> PartEncoder | None:
        """Return an encoder of letters for the template `name`; None when it must be rendered whole.

        Takes no part in what a letter says: its octets are those of `render`, encoded.
        """
        try:
            division = divide(self._parse(name), self._environment, self._parse)
        except NotDivisibleError:
            return None
        cards = (
            Cards(self._made_of(card.tree), card, is_html=self._is_html) for card in division.cards
        )
        return PartEncoder(self._made_of(division.shell), tuple(cards), is_html=self._is_html)

    def _parse(self, name: str) -> nodes.Template:
        if name not in self._sources:
            raise NotDivisibleError
        return self._environment.parse(self._sources[name].text, name, name)

    def _made_of(self, tree: nodes.Template) -> Template:
        code = self._environment.compile(tree)
        return Template.from_code(self._environment, code, self._environment.make_globals(None))

    def _load(self, name: str) -> tuple[str, str, None] | None:
        # The name stands for the file, so that tracebacks show it.
        return (self._sources[name].text, name, None) if name in self._sources else None

    def _compile(self, name: str) -> None:
        try:
            self._environment.get_template(name)
        except TemplateSyntaxError as error:
            message = f"{self._place(error, name)}: {_cause(error)}"
            raise RenderingError(message) from error

    def _place(self, error: Exception, name: str) -> Place:
        if isinstance(error, TemplateSyntaxError):
            return self._place_of(error.name or name, error.lineno)
        for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
            if frame.f_code.co_filename in self._sources:
                return self._place_of(frame.f_code.co_filename, line)
        return Place(name)

    def _place_of(self, name: str, line: int) -> Place:
        return self._sources[name].place(line) if name in self._sources else Place(name, line)


def new_environment(*, is_html: bool) -> LetterEnvironment:
    """Return a sandbox with our filters and no templates."""
    environment = LetterEnvironment(
        autoescape=is_html, undefined=StrictUndefined, finalize=_known, keep_trailing_newline=True
    )
    environment.filters.update(wrap=wrap_or_mark, direction=direction, side=side)
    environment.globals.update(rule=rule)
    if is_html:
        del environment.filters["safe"]
    environment.bound()
    return environment


def _known(value: object) -> object:
    """Refuse to show None: it would stand in a letter as the word None."""
    if value is None:
        message = "the value is not known here (None)"
        raise UndefinedError(message)
    return value


def _cause(error: Exception) -> str:
    text = str(error) or "failed"
    return (
        text
        if isinstance(error, TemplateSyntaxError | UndefinedError)
        else (f"{type(error).__name__}: {text}")
    )
