"""Fractions, roots and binomials in one line."""
# ruff: noqa: RUF001 - signs of formulas

import re
from typing import Final

_ROOTS: Final = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*%?")
_SYMBOL: Final = re.compile(
    r"[√∂∇]?[^\W\d_][^\w\s()/,+\-=<>]?[²³¹⁰-⁹₀-₉ⁿᵃ-ᶻʰ-ʸᴬ-ᵂₐ-ₜ′*]*(?:[_^]\w+)?"
)
_CALL: Final = re.compile(r"(?:√|[^\W\d_]+)[²³¹⁰-⁹₀-₉ⁿₐ-ₜ′]*(?=\()")
_NAMED: Final = re.compile(r"[^\W\d_]{3,}")
_OPERATORS: Final = re.compile(r"[\s+\-−±=<>≤≥,/·×∓∪∩]")
_PAIRS: Final = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "⌈": "⌉", "⌊": "⌋", "‖": "‖"}
_BRACKETS: Final = "([{⟨⌈⌊"
_NESTED: Final = re.compile(r"[(\[{⟨⌈⌊]|[)\]}⟩⌉⌋]")


def is_one(text: str) -> bool:
    """Tell whether a text cannot be torn apart by what stands beside it: x, 12, αₙ, ⟨a + b⟩."""
    if _NUMBER.fullmatch(text) or _SYMBOL.fullmatch(text):
        return True
    called = _CALL.match(text)
    return _is_enclosed(text[called.end() :] if called else text, _BRACKETS)


def _is_enclosed(text: str, opening: str) -> bool:
    if len(text) < 2 or text[0] not in opening or text[-1] != _PAIRS[text[0]]:  # noqa: PLR2004 - a pair
        return False
    depth = 0
    for match in _NESTED.finditer(text):
        depth += 1 if match.group() in _PAIRS else -1
        if depth == 0:
            return match.end() == len(text)
    return False


def quotient(above: str, below: str) -> str:
    """Write a fraction: a/b, (a+b)/(c+d). Empty halves become nothing."""
    if not above or not below:
        return above or below
    above = _wrapped(above) if _has_operator(above) else above
    below = below if is_one(below) or _NAMED.fullmatch(below) else _wrapped(below)
    return f"{above}/{below}"


def _has_operator(text: str) -> bool:
    """Look for an operator outside of parentheses."""
    depth = place = 0
    for match in _NESTED.finditer(text):
        if depth == 0 and _OPERATORS.search(text, place, match.start()):
            return True
        depth = max(0, depth + (1 if match.group() in _PAIRS else -1))
        place = match.end()
    return depth == 0 and bool(_OPERATORS.search(text, place))


def _wrapped(text: str) -> str:
    return text if _is_enclosed(text, "(") else f"({text})"


def radical(inside: str, index: str) -> str:
    """Write a root: √2, √(x+y), ∛x."""
    if not inside:
        return _ROOTS.get(index, "√")
    root = _ROOTS.get(index)
    body = inside if is_one(inside) or _is_enclosed(inside, "(") else f"({inside})"
    return f"{root}{body}" if root else f"{body}^(1/{index})"


def binomial(above: str, below: str) -> str:
    """Write a binomial coefficient in words."""
    return f"({above} choose {below})"
