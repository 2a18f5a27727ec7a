"""Encodes one part of letters, HTML or text, out of pieces that were encoded before."""

from typing import Final

from jinja2 import Template

from newsletter.model import Letter
from newsletter.rendering.cards import Cards
from newsletter.rendering.division import LETTER
from newsletter.rendering.stencils import Mark, Stencil, UnfitError
from newsletter.rendering.views import Personal, view_letter
from newsletter.rules.recent import Recent

_KEPT_SHELLS: Final = 64
_ONCE: Final = frozenset(
    Personal._fields.index(name)
    for name in (
        *("dateline", "reader_name", "reader_address", "reason"),
        *("unsubscribe_href", "votes_href", "view_href"),
    )
)


Shape = tuple[object, ...]


def shape_of(letter: Letter, personal: Personal) -> Shape:
    """Return all that makes the shell of one letter another than that of the next."""
    is_there = (bool(letter.entries), bool(letter.also_matched), *map(bool, personal))
    return letter.letterhead, letter.slot.local_date, is_there


class PartEncoder:
    """A template that was divided into a shell and cards."""

    def __init__(self, shell: Template, cards: tuple[Cards, ...], *, is_html: bool) -> None:
        self._shell = shell
        self._cards = cards
        self._is_html = is_html
        self._is_unfit = False
        self._shells: Recent[Shape, Stencil] = Recent(_KEPT_SHELLS)

    def encode(self, letter: Letter, personal: Personal, shape: Shape) -> bytes | None:
        """Return the part encoded, or None where the template must be rendered as a whole.

        The octets are those of `encode_body` for the whole part, whatever its size.
        """
        if self._is_unfit:
            return None
        try:
            stencil = self._shells.get(shape)
            stencil = stencil or self._shells.keep(shape, self._make(letter, personal))
            cards = [one.fill(letter, personal.votes_href) for one in self._cards]
        except UnfitError:
            self._is_unfit = True
            return None
        except Exception:  # noqa: BLE001 - whatever a template raises, rendering it whole tells where
            return None
        return stencil.fill(personal, cards)

    def _make(self, letter: Letter, personal: Personal) -> Stencil:
        marks = (Mark.at(place) if value else "" for place, value in enumerate(personal))
        view = view_letter(letter, Personal(*marks))
        rendered = self._shell.render({LETTER: view})
        return Stencil(rendered, is_html=self._is_html, once=_ONCE)
