"""One line of a document, taken apart: a dash, a key, a value. No YAML is read here."""

import re
from dataclasses import dataclass, replace
from typing import Final

from newsletter.rules.replies.characters import DASHES, DOUBLE_QUOTES, SINGLE_QUOTES

_BULLET: Final = re.compile(f"[-*•·▪◦‣∙●○■□➢⁃\uf0b7{DASHES}] +")  # noqa: RUF001
_SHAPE: Final = re.compile(
    r"(?P<dash>- )?(?:(?P<key>[^\W\d][\w-]{0,40}) ?(?::(?= |$)|：) *)?(?P<value>.*)"  # noqa: RUF001
)
_SINGLE: Final = re.compile("'(?:[^']|'')*'")
_DOUBLE: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_BLOCK_TEXT: Final = re.compile(r"[|>][-+0-9]{0,2}(?: +#.*)?")
_COMMENT: Final = re.compile(r"(?:^| )#.*")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a line is. Without dash and key it is a comment, or goes on with the line above it."""

    is_item: bool
    key: str
    """As typed; empty when there is none."""
    value: str
    is_comment: bool = False

    @property
    def is_loose(self) -> bool:
        """Whether the line is no comment, no item and no key."""
        return not (self.is_comment or self.is_item or self.key)

    @property
    def is_empty(self) -> bool:
        """Whether what belongs to the key stands below it."""
        return bool(self.key) and (not self.value or self.value.startswith("#"))

    @property
    def opens_text(self) -> bool:
        """Whether the lines below are the text of the key (`|` or `>`)."""
        return bool(_BLOCK_TEXT.fullmatch(self.value))

    @property
    def is_open(self) -> bool:
        """Whether a quotation or a bracket begins here and does not end here."""
        if self.value[:1] == "'":
            return not _SINGLE.match(self.value)
        if self.value[:1] == '"':
            return not _DOUBLE.match(self.value)
        said = _COMMENT.sub("", self.value)
        return said[:1] in {"[", "{"} and said[-1:] not in {"]", "}"}

    @property
    def is_open_quotation(self) -> bool:
        """Whether a quotation begins here, with a straight mark or a bent one, and does not end here."""
        for marks in (SINGLE_QUOTES, DOUBLE_QUOTES):
            if self.value[:1] and self.value[:1] in marks:
                return self.value[-1] not in marks
        return self.is_open and self.value[0] in {"'", '"'}

    @property
    def text(self) -> str:
        """The line in one way: one space behind dash and colon, the key as it is."""
        dash = "- " if self.is_item else ""
        key = f"{self.key}: " if self.key else ""
        return f"{dash}{key}{self.value}".rstrip()

    def in_small_letters(self) -> "Shape":
        """Return the line with the key that no program has begun with a capital."""
        return replace(self, key=self.key.lower())


def shape_of(text: str) -> Shape:
    """Take a line apart that has no spaces around it. What a dash was turned into is one again."""
    if text.startswith(("#", "＃")):  # noqa: RUF001
        return Shape(is_item=False, key="", value=text, is_comment=True)
    bullet = _BULLET.match(text)
    plain = "- " + text[bullet.end() :] if bullet else text
    found = _SHAPE.match(plain)
    if found is None:  # pragma: no cover (every part of the pattern may be empty)
        return Shape(is_item=False, key="", value=text)
    return Shape(bool(found["dash"]), found["key"] or "", found["value"])
