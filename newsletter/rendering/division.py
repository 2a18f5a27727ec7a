"""Divides a template into a shell, the same for many letters, and the cards of its entries.

A template may do with values what it likes. But one that only prints them can be filled in once
and cut into pieces: the shell is rendered with marks in place of what differs from letter to
letter, the body of each loop over `letter.entries` or `letter.also_matched` with marks for what
differs from place to place. Whether a template is of this kind is read off its tree, so nothing is
tried and nothing goes wrong unseen: what is not known to be harmless counts as harmful, and such a
template is rendered anew for each letter.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from jinja2 import Environment, meta, nodes
from jinja2.visitor import NodeTransformer

from newsletter.rendering.stencils import MARK_BEGIN, mark_loop
from newsletter.rendering.views import Personal, Placed

LETTER: Final = "letter"
"""The one name that a template is given."""
LOOPS: Final = ("entries", "also_matched")
"""The attributes of a letter that hold entries."""

_FUNCTIONS: Final = frozenset({"rule"})
_DEEPEST_INCLUDE: Final = 8
# Their results depend on their parts alone.
_HARMLESS: Final = (
    *(nodes.Template, nodes.TemplateData, nodes.Const, nodes.For, nodes.Name, nodes.Getattr),
    *(nodes.Getitem, nodes.Slice, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand),
    *(nodes.Concat, nodes.List, nodes.Tuple, nodes.BinExpr, nodes.UnaryExpr, nodes.Keyword),
)

ReadTree = Callable[[str], nodes.Template]


class NotDivisibleError(Exception):
    """A template does something with its values that cannot be known beforehand."""


@dataclass(frozen=True, slots=True)
class CardTree:
    """The body of one loop: its tree, the name it gives an entry, and which entries it goes over."""

    tree: nodes.Template
    entry_name: str
    loop: str

    @property
    def shows_votes(self) -> bool:
        """Whether it prints, or asks for, links that only one reader has."""
        return any(one.attr == "vote_href" for one in self.tree.find_all(nodes.Getattr))


@dataclass(frozen=True, slots=True)
class Division:
    """A template in two: the shell has a mark in place of each loop, in the order of `cards`."""

    shell: nodes.Template
    cards: tuple[CardTree, ...]


def divide(tree: nodes.Template, environment: Environment, read: ReadTree) -> Division:
    """Return the two parts of a template; `read` returns the tree of one that it includes.

    Changes `tree`. Raises NotDivisibleError when it must be rendered as a whole.
    """
    whole = _Includer(read).visit(tree)
    if any(MARK_BEGIN in str(text) for text in _texts(whole)):
        raise NotDivisibleError
    taker = _LoopTaker()
    shell = taker.visit(whole)
    _check(shell, _Subject(LETTER, Personal._fields, LOOPS), _Use.WORKED_WITH)
    _check_names(shell, LETTER, environment)
    for card in taker.cards:
        _check(card.tree, _Subject(card.entry_name, Placed._fields, ("reasons",)), _Use.WORKED_WITH)
        _check_names(card.tree, card.entry_name, environment)
    return Division(shell, tuple(taker.cards))


class _Includer(NodeTransformer):
    """Puts templates that are included where they are included."""

    def __init__(self, read: ReadTree) -> None:
        self._read = read
        self._depth = 0

    def visit_Include(self, node: nodes.Include) -> list[nodes.Node]:  # noqa: N802 - Jinja's name
        if not isinstance(node.template, nodes.Const) or self._depth == _DEEPEST_INCLUDE:
            raise NotDivisibleError
        self._depth += 1
        included: nodes.Template = self.visit(self._read(node.template.value))
        self._depth -= 1
        return included.body


@dataclass
class _LoopTaker(NodeTransformer):
    """Takes loops over entries out and leaves a mark in place of each."""

    cards: list[CardTree] = field(default_factory=list)

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - Jinja's name
        over = node.iter
        if not (isinstance(over, nodes.Getattr) and _is_name(over.node, LETTER)):
            raise NotDivisibleError
        is_simple = not (node.test or node.else_ or node.recursive)
        if over.attr not in LOOPS or not is_simple or not isinstance(node.target, nodes.Name):
            raise NotDivisibleError
        mark = nodes.TemplateData(mark_loop(len(self.cards)), lineno=node.lineno)
        body = nodes.Template(node.body, lineno=node.lineno)
        self.cards.append(CardTree(body, node.target.name, over.attr))
        return nodes.Output([mark], lineno=node.lineno)


class _Use(Enum):
    """What is done with the value of an expression."""

    PRINTED = auto()
    WRAPPED = auto()
    """Printed by way of the filter `wrap`."""
    ASKED = auto()
    """Whether it is empty."""
    WORKED_WITH = auto()


@dataclass(frozen=True, slots=True)
class _Subject:
    """Whose attributes are looked at: `marked` ones differ, `asked` ones may be asked for only."""

    name: str
    marked: tuple[str, ...]
    asked: tuple[str, ...]


def _check(node: nodes.Node, subject: _Subject, use: _Use) -> None:
    """Raise NotDivisibleError unless what differs is only printed, wrapped, or asked for."""
    if isinstance(node, nodes.Getattr) and _is_name(node.node, subject.name):
        _check_attribute(node.attr, subject, use)
        return
    if _is_name(node, subject.name) or not _is_harmless(node):
        raise NotDivisibleError
    uses = _uses(node, use)
    for child in node.iter_child_nodes():
        _check(child, subject, uses.get(id(child), _Use.WORKED_WITH))


def _check_attribute(name: str, subject: _Subject, use: _Use) -> None:
    is_refused = (name in subject.marked and use is _Use.WORKED_WITH) or (
        name in subject.asked and use is not _Use.ASKED
    )
    if is_refused:
        raise NotDivisibleError


def _uses(node: nodes.Node, use: _Use) -> dict[int, _Use]:
    """Return what `node` does with its children, by their identity; others it works with."""
    match node:
        case nodes.Output():
            return {id(child): _Use.PRINTED for child in node.nodes}
        case nodes.If():
            return {id(node.test): _Use.ASKED}
        case nodes.CondExpr():
            branches = [child for child in (node.expr1, node.expr2) if child]
            return {id(node.test): _Use.ASKED} | {id(child): use for child in branches}
        case nodes.Filter() if _is_wrapping(node) and use is _Use.PRINTED and node.node:
            return {id(node.node): _Use.WRAPPED}
        case nodes.And() | nodes.Or() | nodes.Not() if use is _Use.ASKED:
            return {id(child): use for child in node.iter_child_nodes()}
    return {}


def _is_wrapping(node: nodes.Filter) -> bool:
    """Whether `node` is `… | wrap(…)` with arguments that can be read here and now."""
    given = [*node.args, *(keyword.value for keyword in node.kwargs)]
    return node.name == "wrap" and all(
        isinstance(one, nodes.Const) and type(one.value) in {int, str} for one in given
    )


def _is_harmless(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Call):
        return isinstance(node.node, nodes.Name) and node.node.name in _FUNCTIONS
    if isinstance(node, nodes.Filter) and node.name == "random":
        return False
    return isinstance(node, (*_HARMLESS, nodes.Output, nodes.If, nodes.CondExpr))


def _check_names(tree: nodes.Template, name: str, environment: Environment) -> None:
    tree.set_environment(environment)
    if meta.find_undeclared_variables(tree) - {name} - _FUNCTIONS:
        raise NotDivisibleError


def _is_name(node: nodes.Node, name: str) -> bool:
    return isinstance(node, nodes.Name) and node.name == name


def _texts(tree: nodes.Template) -> list[object]:
    return [data.data for data in tree.find_all(nodes.TemplateData)] + [
        constant.value for constant in tree.find_all(nodes.Const)
    ]
