"""The words of a line that was changed: quotation marks, capitals and links as they were typed.

Only what a program made is taken back, and only where nothing else can be meant.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from newsletter.model import Every, LetterFormat, Order, Strictness, Weekday, WhenEmpty
from newsletter.rules.replies.characters import (
    DASHES,
    DOUBLE_QUOTES,
    SINGLE_QUOTES,
    fold,
    has_lost_letters,
    misread,
    restore_words,
    squeeze,
)
from newsletter.rules.replies.html_lines import PICTURE
from newsletter.rules.replies.sent import SentLine
from newsletter.rules.replies.shape import Shape, shape_of
from newsletter.rules.replies.wraps import Piece

_ENUMS: Final = (Every, Order, Strictness, WhenEmpty, LetterFormat)
_CHOICES: Final = frozenset(
    [str(word) for enum in _ENUMS for word in enum]
    + [day.name.lower() for day in Weekday]
    + ["true", "false", "yes", "no"]
)
"""Words of the document's own language: of them alone it is certain that they begin small."""
_CAPITALIZED: Final = re.compile(r"[A-Z][a-z]+(?=$| )")
_BENT: Final = re.compile(f"[{DOUBLE_QUOTES}{SINGLE_QUOTES}]")
_WHOLE_SINGLE: Final = re.compile(
    f"[{SINGLE_QUOTES}'](?P<said>[^']*)[{SINGLE_QUOTES}'](?P<rest> +#.*)?"
)
_WHOLE_DOUBLE: Final = re.compile(
    f'[{DOUBLE_QUOTES}"](?P<said>[^{DOUBLE_QUOTES}"\\\\]*)[{DOUBLE_QUOTES}"](?P<rest> +#.*)?'
)
_BENT_SINGLE: Final = re.compile(f"[{SINGLE_QUOTES}]")
_TWO_SINGLE: Final = re.compile(f"[{SINGLE_QUOTES}]{{2}}")
_NO_APOSTROPHE: Final = re.compile(f"(?<!\\w)[{SINGLE_QUOTES}]|[{SINGLE_QUOTES}](?!\\w)")
"""A bent mark that is not within a word: it may open or close something."""
_BENT_DOUBLE: Final = re.compile(f"[{DOUBLE_QUOTES}]")
_IN_LIST: Final = re.compile(
    f"(?P<before>[\\[,] *)(?:[{SINGLE_QUOTES}](?P<single>[^'{SINGLE_QUOTES},\\[\\]]*)[{SINGLE_QUOTES}]"
    f'|[{DOUBLE_QUOTES}](?P<double>[^"{DOUBLE_QUOTES},\\[\\]\\\\]*)[{DOUBLE_QUOTES}])(?= *[,\\]])'
)
_OPENING_SINGLE: Final = re.compile("(?:^|[\\[,] *)[‘‚‛]")  # noqa: RUF001
_DATE: Final = re.compile(f"\\b([0-9]{{4}})[{DASHES}]([0-9]{{2}})[{DASHES}]([0-9]{{2}})\\b")
_LINK: Final = re.compile(
    r"(?P<word>[^\s<>]{1,200}) ?<(?:mailto:|https?://)(?P<link>[^\s<>]{1,300})>"
)
_CUT_SHORT: Final = frozenset({"...", "…", "[...]", "[…]", "(...)"})
_TYPE_ANEW: Final = "type the line anew with plain letters"


def mend(piece: Piece, paired: Sequence[SentLine]) -> Shape:
    """Return a changed line as it was typed. `paired` are sent lines that it may have been.

    Raises DoubtError where letters were lost.
    """
    shape = shape_of(_without_links(piece.text)).in_small_letters()
    was_bent = any(_BENT.search(one.text) for one in paired)
    value = shape.value if was_bent else _with_plain_quotes(shape.value)
    value = _DATE.sub(r"\1-\2-\3", _in_small_letters(value, paired))
    texts = tuple(one.text for one in paired)
    mended = shape_of(restore_words(replace(shape, value=value).text, texts))
    if fault := next(_faults(piece, mended, paired), None):
        raise piece.doubt(fault)
    same = next((one for one in paired if squeeze(one.text) == squeeze(mended.text)), None)
    return same.shape if same else mended


def _without_links(text: str) -> str:
    """Some programs write the link of a word behind it, which they made themselves."""

    def without(found: re.Match[str]) -> str:
        word = found["word"].lstrip("\"'[(")
        is_own = found["link"].rstrip("/").endswith(word.rstrip("\"'])/,"))
        return found["word"] if is_own else found[0]

    return _LINK.sub(without, text) if ">" in text else text


def _with_plain_quotes(value: str) -> str:
    if not _BENT.search(value):
        return value
    if found := _WHOLE_DOUBLE.fullmatch(value):
        return f'"{found["said"]}"{found["rest"] or ""}'
    if found := _WHOLE_SINGLE.fullmatch(value):
        said = _TWO_SINGLE.sub("''", found["said"])
        if _BENT_SINGLE.match(value) and not _NO_APOSTROPHE.search(said):
            said = _BENT_DOUBLE.sub('"', said)
            return f"'{said}'{found['rest'] or ''}"
        return value
    return _IN_LIST.sub(_plain_item, value) if value[:1] in {"[", "{"} else value


def _plain_item(found: re.Match[str]) -> str:
    if found["single"] is None:
        return f'{found["before"]}"{found["double"]}"'
    said = _BENT_DOUBLE.sub('"', found["single"])
    return f"{found['before']}'{said}'"


def _in_small_letters(value: str, paired: Sequence[SentLine]) -> str:
    """A telephone begins a line's last word with a capital, as it does its first."""
    found = _CAPITALIZED.match(value)
    if found is None or found[0].lower() not in _CHOICES:
        return value
    is_choice = any(one.shape.value.split(" ", 1)[0] in _CHOICES for one in paired)
    return found[0].lower() + value[found.end() :] if is_choice else value


def _faults(piece: Piece, shape: Shape, paired: Sequence[SentLine]) -> Iterator[str]:
    """Yield what keeps a changed line from being read for certain."""
    if piece.line.is_struck:
        yield "it is crossed out; remove it, or write it without the line through it"
    if PICTURE in shape.text:
        yield "it holds a picture; write text in its place"
    if "\ufffd" in shape.text or has_lost_letters(shape.text, (one.text for one in paired)):
        yield f"letters were lost on the way; {_TYPE_ANEW}"
    if misread(shape.text):
        yield f"letters were changed on the way; {_TYPE_ANEW}"
    if fold(shape.text) in _CUT_SHORT:
        yield "something was left out here; send the whole block"
    if _OPENING_SINGLE.search(shape.value) and not any("‘" in one.text for one in paired):  # noqa: RUF001
        yield "it begins with a bent quotation mark; write a straight one"
    if shape.is_open:
        yield "what opens here is not closed on this line; write it on one line"
