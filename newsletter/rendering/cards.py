"""Entries as cards: rendered once for each entry, encoded once for each place in a letter."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import repeat
from typing import Final, cast

from jinja2 import Template

from newsletter.model import Letter, LetterEntry
from newsletter.rendering.stencils import Mark, Stencil, check_card
from newsletter.rendering.views import Placed, place_entry, view_entry
from newsletter.rules.recent import Recent

# Some kB each. A day brings about a thousand entries to the readers of one newsletter.
_KEPT_STENCILS: Final = 3_000
_KEPT_FILLED: Final = 6_000

_ONCE: Final = frozenset({Placed._fields.index("why")})

_Content = tuple[object, ...]


class Cards:
    """The cards of one loop of a template."""

    def __init__(self, template: Template, entry_name: str, loop: str, *, is_html: bool) -> None:
        self._template = template
        self._entry_name = entry_name
        self._is_also = loop == "also_matched"
        self._is_html = is_html
        self._stencils: Recent[_Content, Stencil] = Recent(_KEPT_STENCILS)
        # By identity: equal entries of many letters are one object (see workflows.press), and to
        # look into texts of some thousand characters would cost more than all the rest. An entry
        # that is kept here lives on, so that no other can have its identity.
        self._filled: Recent[tuple[int, int, int], tuple[LetterEntry, bytes]] = Recent(_KEPT_FILLED)

    def fill(self, letter: Letter) -> list[bytes]:
        """Return the cards of `letter`; raises what the template raises."""
        entries, first = letter.entries, 1
        if self._is_also:
            entries, first = letter.also_matched, len(letter.entries) + 1
        year = letter.slot.local_date.year  # all that a card shows of the letter's day
        keys = zip(map(id, entries), range(first, first + len(entries)), repeat(year))
        cards = [filled[1] for filled in map(self._filled.get, keys) if filled]
        return cards if len(cards) == len(entries) else self._fill_all(entries, first, letter)

    def _fill_all(self, entries: Sequence[LetterEntry], first: int, letter: Letter) -> list[bytes]:
        year = letter.slot.local_date.year
        cards: list[bytes] = []
        for number, entry in enumerate(entries, first):
            key = (id(entry), number, year)
            filled = self._filled.get(key) or self._filled.keep(
                key, self._fill_one(entry, number, letter)
            )
            cards.append(filled[1])
        return cards

    def _fill_one(
        self, entry: LetterEntry, number: int, letter: Letter
    ) -> tuple[LetterEntry, bytes]:
        placed = place_entry(entry, number)
        is_empty = tuple(not value for value in placed)
        key = (
            *(entry.content, entry.sources, entry.summary),
            *(letter.slot.local_date.year, is_empty),
        )
        stencil = self._stencils.get(key) or self._stencils.keep(
            key, self._make_stencil(entry, placed, letter)
        )
        return entry, stencil.fill(placed)

    def _make_stencil(self, entry: LetterEntry, placed: Placed, letter: Letter) -> Stencil:
        marks = [Mark.at(place) if value else "" for place, value in enumerate(placed)]
        number, numeral, why = marks
        view = replace(
            view_entry(entry, 1, letter.slot.local_date),
            number=cast(int, number),  # `division` has seen that it is only printed
            numeral=numeral,
            why=why,
        )
        rendered = self._template.render({self._entry_name: view})
        return Stencil(check_card(rendered), is_html=self._is_html, once=_ONCE)
