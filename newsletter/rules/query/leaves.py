"""From a token to a leaf of the tree: words, phrases, dates and numbers."""

import re
from datetime import date
from difflib import get_close_matches
from typing import Final

from newsletter.rules.query.complaints import complaint
from newsletter.rules.query.mistakes import mistake_in
from newsletter.rules.query.scanner import DASHES, Token, TokenKind
from newsletter.rules.query.tree import (
    Bound,
    Comparison,
    Form,
    Term,
    TextField,
    ValueField,
    field_named,
)
from newsletter.rules.query.words import is_unspaced, readable, words

MINIMUM_PREFIX: Final = 3
"""Letters and digits that must stand before a `*`: shorter ones would match nearly everything."""

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_HYPHENATED: Final = re.compile(rf"\W*([^\W_]+(?:[{DASHES}][^\W_]+)+)\W*")
_DASH: Final = re.compile(f"[{DASHES}]")
_NAMES: Final = tuple(field.value for kind in (TextField, ValueField) for field in kind)


def field_of(token: Token, text: str) -> TextField | ValueField:
    """Return the field that a FIELD token names, in any case; raise QueryError with the nearest one."""
    known = field_named(token.text)
    if known:
        return known
    name = token.text.casefold()
    near = [known for known in _NAMES if len(name) > 1 and known.startswith(name)]
    near = near or get_close_matches(name, _NAMES, n=1)
    remedy = (
        f"did you mean {near[0]}:?"
        if near
        else f'for the text itself write it in quotes, "{token.text}:…"'
    )
    message = f"there is no field {token.text}; {remedy} The fields are {', '.join(_NAMES)}"
    raise complaint(message, text, token.position)


def term_of(token: Token, field: TextField | None, text: str) -> Term:
    """Return the leaf for a WORD or PHRASE token; raise QueryError when it says nothing to look for."""
    is_word = token.kind is TokenKind.WORD
    if is_word and (mistake := mistake_in(token.text, text[token.position - 1 : token.position])):
        raise complaint(mistake.advice, text, token.position + mistake.position)
    stem, star, rest = token.text.rstrip().replace("\uff0a", "*").partition("*")
    place = token.position + (not is_word)
    if rest:
        advice = "a * can only end a word or the last word of a phrase, as in optimiz*"
        raise complaint(advice, text, place + len(stem))
    folded = tuple(words(stem))
    if not folded:
        advice = "there is no letter or digit here to look for; write a word, or leave this out"
        raise complaint(advice, text, token.position)
    if star and _prefix_size(stem) < MINIMUM_PREFIX and not is_unspaced(folded[-1]):
        advice = f"write at least {MINIMUM_PREFIX} letters before a *"
        raise complaint(advice, text, place + len(stem))
    form = _form(token, folded, star)
    joined = _joined(stem) if is_word else ""
    return Term(folded, form, field, _written(token, field), joined)


def comparison_of(token: Token, bound: Bound, field: ValueField, text: str) -> Comparison:
    """Return the leaf for a value behind `date:` or `upvotes:`; raise QueryError when it is none."""
    written = token.text.strip()
    if field is ValueField.UPVOTES:
        if not _NUMBER.fullmatch(written):
            message = "upvotes: takes a whole number, as in upvotes:>=10"
            raise complaint(message, text, token.position)
        return Comparison(field, bound, int(written))
    if not _DATE.fullmatch(written):
        message = "date: takes a day as in date:>=2026-01-31"
        raise complaint(message, text, token.position)
    try:
        return Comparison(field, bound, date.fromisoformat(written))
    except ValueError:
        message = f"there is no day {written}; write year-month-day, as in date:>=2026-01-31"
        raise complaint(message, text, token.position) from None


def _prefix_size(stem: str) -> int:
    """Count the letters and digits before the star, back to the last space.

    So `GPT-4*` may stand: its hyphen does not make two words for a reader.
    """
    return sum(len(word) for word in words(stem.rsplit(maxsplit=1)[-1])) if stem[-1:].strip() else 0


def _joined(stem: str) -> str:
    """Return a word with hyphens as one word: `pre-training` is also written `pretraining`."""
    found = _HYPHENATED.fullmatch(readable(stem))
    whole = words(_DASH.sub("", found[1])) if found else []
    return whole[0] if len(whole) == 1 and not is_unspaced(whole[0]) else ""


def _form(token: Token, folded: tuple[str, ...], star: str) -> Form:
    if star and not is_unspaced(folded[-1]):
        return Form.PREFIX
    return Form.ANY_FORM if token.kind is TokenKind.WORD and not star else Form.EXACT


def _written(token: Token, field: TextField | None) -> str:
    shown = f'"{token.text}"' if token.kind is TokenKind.PHRASE else token.text
    return f"{field}:{shown}" if field else shown
