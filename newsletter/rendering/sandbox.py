"""The sandbox of templates: no way to the host, and nothing that grows without bounds.

Jinja's own sandbox keeps templates from files, modules and private attributes; `bounds` says what
is too large.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from types import GeneratorType
from typing import Any, Final

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter.rendering.bounds import (
    LARGEST_RENDERED,
    bound_filter,
    bounded_range,
    check_arguments,
    check_calculation,
    check_numbers,
    check_size,
    settle,
)
from newsletter.rendering.views import EntryView, LetterView, LinkView

_FIELDS: Final[Mapping[type, frozenset[str]]] = {
    view: frozenset(field.name for field in fields(view))
    for view in (LetterView, EntryView, LinkView)
}


class _BoundedCode(CodeGenerator):
    """Compiles templates so that what `~` joins is looked at."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        self.write("environment.check_size(")
        super().visit_Concat(node, frame)
        self.write(")")


class LetterEnvironment(ImmutableSandboxedEnvironment):
    """A sandbox with a short way to the fields of views, which are made to be looked at.

    What would grow too large raises SecurityError when it is rendered.
    """

    code_generator_class = _BoundedCode
    intercepted_binops = frozenset({"*", "**", "%", "+"})
    check_size = staticmethod(check_size)

    def bound(self) -> None:
        """Put bounds on all filters and functions that are there now."""
        self.filters.update({name: bound_filter(name, one) for name, one in self.filters.items()})
        self.globals["range"] = bounded_range
        del self.globals["lipsum"]

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return a field of a view at once; what else is asked for goes through the sandbox."""
        if attribute in _FIELDS.get(type(obj), ()):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculate, unless the result would be too large."""
        check_calculation(operator, left, right)
        return check_size(super().call_binop(context, operator, left, right))

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805, PYI063 - as Jinja names them: a template's own keywords may have any name
        """Call a function, or a method of a text, with what it cannot make too much of."""
        name = getattr(__obj, "__name__", "")
        settled = settle(name, args)
        check_numbers((*settled, *kwargs.values()))
        # Jinja puts a wrapper around the method `format`.
        owner = getattr(getattr(__obj, "__wrapped__", __obj), "__self__", None)
        if isinstance(owner, str):
            check_arguments(name, (owner, *settled, *kwargs.values()))
        return check_size(super().call(__context, __obj, *settled, **kwargs))

    @staticmethod
    def concat(pieces: Iterable[str]) -> str:
        """Join what a template prints; stop it where that does not end."""
        done: list[str] = []
        size = 0
        for piece in pieces:
            size += len(piece)
            if size > LARGEST_RENDERED:
                _stop(pieces)
            done.append(piece)
        return "".join(done)


def _stop(pieces: Iterable[str]) -> None:
    error = SecurityError(f"more than {LARGEST_RENDERED:,} characters are printed")
    if isinstance(pieces, GeneratorType):
        pieces.throw(error)  # within the template, so that its line is known
    raise error
