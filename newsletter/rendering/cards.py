"""Entries as cards: rendered once for each entry, encoded once for each place in a letter.

A link that only one reader has is put in for each letter; see `openings`.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import repeat
from typing import Final, cast

from jinja2 import Template

from newsletter.model import Letter, LetterEntry
from newsletter.rendering.division import CardTree
from newsletter.rendering.openings import STAND_INS, Card
from newsletter.rendering.stencils import Mark, Stencil, check_card
from newsletter.rendering.views import Placed, place_entry, view_entry
from newsletter.rules.recent import Recent

# Some kB each. A day brings about a thousand entries to the readers of one newsletter.
_KEPT_STENCILS: Final = 3_000
_KEPT_FILLED: Final = 6_000

_ONCE: Final = frozenset({Placed._fields.index("why")})
_VOTE: Final = Placed._fields.index("vote_href")

_Content = tuple[object, ...]
_Setting = tuple[int, str, int]
"""Year of the letter, the page of votes up to its token, and how long that is."""


class Cards:
    """The cards of one loop of a template."""

    def __init__(self, template: Template, tree: CardTree, *, is_html: bool) -> None:
        self._template = template
        self._entry_name = tree.entry_name
        self._is_also = tree.loop == "also_matched"
        self._shows_votes = tree.shows_votes
        self._is_html = is_html
        self._stencils: Recent[_Content, Stencil] = Recent(_KEPT_STENCILS)
        # By identity: equal entries of many letters are one object (see workflows.press), and to
        # look into texts of some thousand characters would cost more than all the rest. An entry
        # that is kept here lives on, so that no other can have its identity.
        self._filled: Recent[tuple[int, int, _Setting], tuple[LetterEntry, Card]] = Recent(
            _KEPT_FILLED
        )

    def fill(self, letter: Letter, votes: str) -> list[bytes]:
        """Return the cards of `letter`, whose page of votes is `votes`, in pieces.

        Raises what the template raises.
        """
        entries, first = letter.entries, 1
        if self._is_also:
            entries, first = letter.also_matched, len(letter.entries) + 1
        page, slash, token = votes.rpartition("/") if self._shows_votes else ("", "", "")
        # The year is all that a card shows of the letter's day.
        setting = (letter.slot.local_date.year, page + slash, len(token))
        keys = zip(map(id, entries), range(first, first + len(entries)), repeat(setting))
        cards = [filled[1] for filled in map(self._filled.get, keys) if filled]
        if len(cards) < len(entries):
            cards = self._fill_all(entries, first, letter, setting)
        own = token.encode("ascii")
        return [piece for card in cards for piece in card.fill(own)]

    def _fill_all(
        self, entries: Sequence[LetterEntry], first: int, letter: Letter, setting: _Setting
    ) -> list[Card]:
        cards: list[Card] = []
        for number, entry in enumerate(entries, first):
            key = (id(entry), number, setting)
            filled = self._filled.get(key) or self._filled.keep(
                key, (entry, self._fill_one(entry, number, letter, setting))
            )
            cards.append(filled[1])
        return cards

    def _fill_one(self, entry: LetterEntry, number: int, letter: Letter, setting: _Setting) -> Card:
        year, page, token_length = setting
        votes, others = [page + one * token_length for one in STAND_INS]
        placed = place_entry(entry, number, votes)
        is_empty = tuple(not value for value in placed)
        key = (entry.content, entry.sources, entry.summary, year, is_empty)
        stencil = self._stencils.get(key) or self._stencils.keep(
            key, self._make_stencil(entry, placed, letter)
        )
        pieces = twins = stencil.fill_pieces(placed)
        if token_length:
            twins = stencil.refill(pieces, place_entry(entry, number, others), _VOTE)
        return Card(pieces, twins, token_length)

    def _make_stencil(self, entry: LetterEntry, placed: Placed, letter: Letter) -> Stencil:
        marks = [Mark.at(place) if value else "" for place, value in enumerate(placed)]
        number, numeral, why, vote_href = marks
        view = replace(
            view_entry(entry, 1, letter.slot.local_date),
            number=cast(int, number),  # `division` has seen that it is only printed
            numeral=numeral,
            why=why,
            vote_href=vote_href,
        )
        rendered = self._template.render({self._entry_name: view})
        return Stencil(check_card(rendered), is_html=self._is_html, once=_ONCE)
