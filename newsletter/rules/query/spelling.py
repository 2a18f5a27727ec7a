"""A tree written down again: one spelling for each meaning."""

from newsletter.rules.query.leaves import MINIMUM_PREFIX
from newsletter.rules.query.tree import And, Comparison, Form, Node, Not, Or, Query, Term


def spell(node: Node | Query) -> str:
    """Return `node` in its plain spelling; `parse` makes the same tree of it.

    Words are folded, operators written out, brackets stand wherever AND and OR meet. A part that
    only negates is spelled too, though alone it would be refused.
    """
    match node:
        case Query():
            return spell(node.root)
        case Term():
            return _term(node)
        case Comparison():
            return f"{node.field}:{node.bound}{node.value}"
        case Not(part):
            return f"NOT {_inside(part)}"
        case And(parts):
            return " AND ".join(f"({spell(p)})" if isinstance(p, Or) else spell(p) for p in parts)
        case Or(parts):
            return " OR ".join(f"({spell(p)})" if isinstance(p, And) else spell(p) for p in parts)


def _inside(node: Node) -> str:
    return spell(node) if isinstance(node, Term | Comparison) else f"({spell(node)})"


def _term(term: Term) -> str:
    said = " ".join(term.words)
    if term.form is Form.EXACT:
        shown = f'"{said}"'
    elif term.joined:
        shown = "-".join(term.words) + ("*" if term.form is Form.PREFIX else "")
    elif term.form is Form.PREFIX:
        is_short = len(term.words) == 1 or len(term.words[-1]) < MINIMUM_PREFIX
        shown = f"{'.'.join(term.words)}*" if is_short else f'"{said}*"'
    else:
        shown = ".".join(term.words)
    return f"{term.field}:{shown}" if term.field else shown
