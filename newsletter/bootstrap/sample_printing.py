"""Prints letters that are shown and not sent: the words and templates of real ones, dead links."""

import re
from html import escape
from typing import Final

from newsletter.model import Dressing, Edition, LetterLinks, SampleLetter, SlotPlan
from newsletter.ports import Renderer
from newsletter.rendering import make_renderer, readable_content
from newsletter.rules.addresses import Secrets, letter_links
from newsletter.rules.composing import compose
from newsletter.workflows import Shown, silence_of

_NOTHING_STORED: Final = (
    "Nothing has come in during the last week, so there is nothing to show yet."
)
_NO_SECRET: Final = Secrets((b"no secret: a sample",))
"""A token signed with it is refused by every page."""
_NEW_TAB: Final = '<base target="_blank">'
"""A letter is shown in a frame: what is linked opens beside it."""


class SamplePress:
    """Prints the letters of a showcase in the templates of one dressing. For one thread at a time."""

    def __init__(self, dressing: Dressing) -> None:
        self._dressing = dressing
        self._renderer: Renderer | None = None

    def print(self, shown: Shown) -> SampleLetter:
        """Return the last letter, or why there was none. Raises RenderingError."""
        plan = shown.last_letter
        if plan is None or plan.edition is None:
            return _silent(shown)
        html, subject, text = self._render(plan.edition, shown)
        return SampleLetter(
            on=plan.slot.local_date,
            subject=subject,
            html=html,
            text=text,
            titles=tuple(
                readable_content(shown.entries[one.entry].content).title
                for one in plan.edition.matches
            ),
            entries_a_week=shown.entries_a_week,
        )

    def _render(self, edition: Edition, shown: Shown) -> tuple[str, str, str]:
        self._renderer = self._renderer or make_renderer(self._dressing.templates)
        named = (*edition.matches, *edition.also_matched)
        contents = {
            one.revision: readable_content(shown.entries[one.entry].content) for one in named
        }
        head = self._dressing.letterhead
        links = letter_links(edition.id, _NO_SECRET, head, edition.reader.subscriber)
        sources = {one.entry: one.sources for one in named}
        letter = compose(edition, contents, sources, head, links)
        rendered = self._renderer.render(letter)
        html = _without_ways(rendered.html or "", links)
        html = html.replace("<head>", f"<head>{_NEW_TAB}", 1)
        return html, rendered.subject, rendered.text


def _without_ways(html: str, links: LetterLinks) -> str:
    """Return a letter whose links for its reader alone are no links: they would lead nowhere."""
    ways = (links.unsubscribe_url, links.unsubscribe_mailto, links.votes_url, links.view_url)
    beginnings = "|".join(re.escape(escape(one)) for one in ways if one)
    return re.sub(rf'\shref="(?:{beginnings})[^"]*"', "", html)


def _silent(shown: Shown) -> SampleLetter:
    last: SlotPlan | None = shown.plans[-1] if shown.plans and shown.entries else None
    silence = silence_of(last) if last else None
    return SampleLetter(
        on=last.slot.local_date if last else None,
        silence=silence.detail if silence else _NOTHING_STORED,
    )
