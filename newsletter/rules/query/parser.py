"""The grammar of the topic language, by recursive descent.

    expr  := and (OR and)*
    and   := not ((AND)? not)*
    not   := (NOT | -)? atom
    atom  := [field:] (word | "phrase" | ( expr ) | >=value | <=value)

Words side by side mean AND; operators are in capitals only. A field before a bracket holds for all
of the bracket. Behind `date:` and `upvotes:` a value without a sign means just that value.
"""

from functools import lru_cache
from typing import Final

from newsletter.errors import QueryError
from newsletter.rules.query.complaints import complaint
from newsletter.rules.query.leaves import comparison_of, field_of, term_of
from newsletter.rules.query.scanner import Token, TokenKind, scan
from newsletter.rules.query.tree import And, Bound, Node, Not, Or, Query, TextField, ValueField

MAXIMUM_LENGTH: Final = 2_000
"""Characters of one query."""

MAXIMUM_DEPTH: Final = 40
"""Brackets within brackets."""

_K = TokenKind
_NEGATIONS: Final = (_K.NOT, _K.MINUS)
_ATOMS: Final = (_K.OPEN, _K.FIELD, _K.COMPARE, _K.PHRASE, _K.WORD)

Scope = TextField | ValueField | None
"""The field that holds for the bracket we are in."""


@lru_cache(maxsize=512)
def parse(text: str) -> Query:
    """Return what `text` says. Raises QueryError, with the place and what to write instead.

    A query must say somewhere what to look for: one that only negates, in any of its
    alternatives, is an error, for topics as for `mute`. Time grows with the length of `text`;
    the last queries that were understood are remembered: many people share a topic.
    """
    if len(text) > MAXIMUM_LENGTH:
        message = (
            f"this query has {len(text)} characters, {MAXIMUM_LENGTH} are allowed; make two of it"
        )
        raise complaint(message, text, MAXIMUM_LENGTH)
    return _Parser(text).query()


class _Parser:
    """Walks over the tokens once, from left to right."""

    __slots__ = ("_next", "_text", "_tokens")

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tuple(scan(text))
        self._next = 0

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _sees(self, *kinds: TokenKind) -> bool:
        return self._token.kind in kinds

    def _complain(self, message: str) -> QueryError:
        return complaint(message, self._text, self._token.position)

    def _take(self) -> Token:
        token = self._token
        self._next += 1
        return token

    def query(self) -> Query:
        if self._sees(_K.END):
            message = 'this query is empty; write what to look for, as in "policy gradient"'
            raise complaint(message, self._text, 0)
        root = self._expression(None, depth=0)
        if self._sees(_K.CLOSE):
            advice = "this bracket closes nothing; leave it out, or open one before it"
            raise self._complain(advice)
        return Query(root, self._text)

    def _expression(self, scope: Scope, *, depth: int) -> Node:
        branches = [self._branch(scope, depth)]
        while self._sees(_K.OR):
            self._take()
            branches.append(self._branch(scope, depth))
        return branches[0] if len(branches) == 1 else Or(_flat(Or, branches))

    def _branch(self, scope: Scope, depth: int) -> Node:
        start = self._token
        node = self._conjunction(scope, depth)
        if depth == 0 and not _is_grounded(node):
            message = (
                "this only says what must not be there; add what to look for, as in policy -survey"
            )
            raise complaint(message, self._text, start.position)
        return node

    def _conjunction(self, scope: Scope, depth: int) -> Node:
        parts = [self._negation(scope, depth)]
        while self._sees(_K.AND, *_ATOMS, *_NEGATIONS):
            if self._sees(_K.AND):
                self._take()
            parts.append(self._negation(scope, depth))
        return parts[0] if len(parts) == 1 else And(_flat(And, parts))

    def _negation(self, scope: Scope, depth: int) -> Node:
        if not self._sees(*_NEGATIONS):
            return self._atom(scope, depth)
        self._take()
        if self._sees(*_NEGATIONS):
            advice = "one NOT (or minus) is enough; leave the second one out"
            raise self._complain(advice)
        return Not(self._atom(scope, depth))

    def _atom(self, scope: Scope, depth: int) -> Node:
        match self._token.kind:
            case _K.OPEN:
                return self._group(scope, depth + 1)
            case _K.FIELD:
                return self._in_field(scope, depth)
            case _K.COMPARE:
                return self._compared(scope)
            case _K.WORD | _K.PHRASE:
                return self._leaf(scope)
            case _:
                raise self._missing_atom()

    def _leaf(self, scope: Scope) -> Node:
        token = self._take()
        if isinstance(scope, ValueField):
            return comparison_of(token, Bound.EQUAL, scope, self._text)
        return term_of(token, scope, self._text)

    def _compared(self, scope: Scope) -> Node:
        if not isinstance(scope, ValueField):
            belongs = f"{scope}: has words, no values" if scope else "a comparison needs its field"
            raise self._complain(f"{belongs}; write date:>=2026-01-01 or upvotes:>=10")
        bound = Bound(self._take().text)
        if not self._sees(_K.WORD, _K.PHRASE):
            raise self._complain(
                f"write a value behind {bound}, as in date:>=2026-01-01 or upvotes:>=10"
            )
        return comparison_of(self._take(), bound, scope, self._text)

    def _in_field(self, scope: Scope, depth: int) -> Node:
        if scope is not None:
            raise self._complain(
                f"we are within {scope}: already; close that first, one field at a time"
            )
        token = self._take()
        field = field_of(token, self._text)
        if self._sees(*_NEGATIONS):
            raise self._complain(f"write the negation before the field, as in -{field}:survey")
        if not self._sees(*_ATOMS):
            raise self._complain(f"write what to look for behind {field}:")
        return self._atom(field, depth)

    def _group(self, scope: Scope, depth: int) -> Node:
        if depth > MAXIMUM_DEPTH:
            raise self._complain(
                f"more than {MAXIMUM_DEPTH} brackets within brackets; make the query simpler"
            )
        opening = self._take()
        if self._sees(_K.CLOSE):
            advice = (
                "nothing stands between these brackets; write what to look for, or leave them out"
            )
            raise self._complain(advice)
        node = self._expression(scope, depth=depth)
        if not self._sees(_K.CLOSE):
            message = "this bracket is never closed; write a ) where it ends"
            raise complaint(message, self._text, opening.position)
        self._take()
        return node

    def _missing_atom(self) -> QueryError:
        match self._token.kind:
            case _K.AND | _K.OR as operator:
                advice = (
                    f'{operator} stands between two words; for the word itself write "{operator}"'
                )
            case _K.CLOSE:
                advice = "something to look for is missing before this bracket"
            case _:
                advice = "the query ends where something to look for was expected"
        return self._complain(advice)


def _flat(kind: type[And] | type[Or], parts: list[Node]) -> tuple[Node, ...]:
    """Take the brackets off parts of the same kind: `(a b) c` and `a b c` are one meaning."""
    return tuple(
        inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,))
    )


def _is_grounded(node: Node) -> bool:
    """Whether `node` can only hold for an entry that has something it names."""
    match node:
        case Not():
            return False
        case And(parts):
            return any(_is_grounded(part) for part in parts)
        case Or(parts):
            return all(_is_grounded(part) for part in parts)
        case _:
            return True
