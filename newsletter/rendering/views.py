"""What a template is given: a letter with every value tidy, bounded and ready to be shown.

An empty text, or an empty tuple, means that nothing is known. Nothing is None.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from newsletter.model import (
    LIBRARY,
    EntryContent,
    Letter,
    LetterEntry,
    LetterLinks,
    Link,
    LinkKind,
)
from newsletter.rendering.addresses import link_address, mail_address, web_address
from newsletter.rendering.voting import vote_hint, votes_href
from newsletter.rules.composing import join_words, shorten, tidy, write_date, write_day

SHOWN_AUTHORS: Final = 4
SHOWN_TOPICS: Final = 12
TITLE_CHARACTERS: Final = 400
NAME_CHARACTERS: Final = 120

_NO_BREAK: Final = "\u00a0"
_LABELS: Final = {
    LinkKind.PDF: "PDF",
    LinkKind.CODE: "Code",
    LinkKind.PROJECT: "Project page",
    LinkKind.DISCUSSION: "Discussion",
}


@dataclass(frozen=True, slots=True)
class LinkView:
    """Where to read on. `href` is empty where only the address may be shown (http)."""

    label: str
    href: str
    address: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry; `number` counts from 1 through the letter and its also-matched entries."""

    number: int
    numeral: str
    """The number as a list in plain text begins with it: `1.` and blanks, four columns or more."""
    title: str
    href: str
    """What the title links to."""
    authors: str
    """`A. Author, B. Author + 12`, or `6 authors`."""
    organization: str
    sources: str
    published_on: str
    upvotes: str
    comments: str
    links: tuple[LinkView, ...]
    summary: str
    reasons: tuple[str, ...]
    why: str
    """All reasons on one line."""
    vote_href: str
    """The page on which the reader says whether to get more like this; empty where there is none."""


class Placed(NamedTuple):
    """What a template shows of an entry that is not the same in all letters; see EntryView."""

    number: str
    numeral: str
    why: str
    vote_href: str


class Personal(NamedTuple):
    """What a template shows of a letter that is not the same for all readers; see LetterView."""

    subject: str
    preheader: str
    headline: str
    dateline: str
    reader_name: str
    reader_address: str
    note: str
    reason: str
    unsubscribe_href: str
    preferences_href: str
    help_href: str
    votes_href: str
    view_href: str


@dataclass(frozen=True, slots=True)
class LetterView:
    """One letter. The numbers of entries left out are not 0 only where 100 kB were too small."""

    name: str
    subject: str
    preheader: str
    headline: str
    date: str
    dateline: str
    """The date, and for whom the letter is where the reader has a name."""
    reader_name: str
    reader_address: str
    entries: tuple[EntryView, ...]
    also_matched: tuple[EntryView, ...]
    note: str
    reason: str
    """Why you get this letter, as one sentence."""
    unsubscribe_href: str
    preferences_href: str
    help_href: str
    votes_href: str
    """The page on which all entries stand to be voted on; empty where there is none."""
    view_href: str
    """The page that is this letter; empty where there is none."""
    vote_hint: str
    """How to vote by mail, as sentences; empty where there are pages, or where no mail comes in."""
    postal_address: str
    entries_left_out: int = 0
    also_matched_left_out: int = 0


def view_letter(letter: Letter, personal: Personal | None = None) -> LetterView:
    """Return what a template shows of `letter`; `personal` is shown instead of its own values.

    Raises RenderingError when a mailto link of its foot is none: nobody may be left without a
    way out.
    """
    today = letter.slot.local_date
    also = len(letter.entries) + 1
    votes = votes_href(letter.links)
    return LetterView(
        **(personal or view_personal(letter))._asdict(),
        name=tidy(letter.letterhead.name),
        date=write_date(today),
        entries=tuple(
            view_entry(entry, n, today, votes) for n, entry in enumerate(letter.entries, 1)
        ),
        also_matched=tuple(
            view_entry(entry, n, today, votes) for n, entry in enumerate(letter.also_matched, also)
        ),
        vote_hint=vote_hint(letter),
        postal_address=tidy(letter.letterhead.postal_address),
    )


def view_personal(letter: Letter) -> Personal:
    """Return what is not the same for all readers; raises RenderingError as `view_letter` does."""
    links = letter.links
    reader = letter.reader
    name = shorten(tidy(reader.name or ""), NAME_CHARACTERS)
    address = tidy(reader.address)
    day = _written_date(letter.slot.local_date)
    return Personal(
        subject=_tidy(letter.subject),
        preheader=_tidy(letter.preheader),
        headline=_tidy(letter.headline),
        dateline=f"{day} · for {name}" if name else day,
        reader_name=name,
        reader_address=address,
        note=tidy(letter.note or ""),
        reason=f"{_because(reader.topics, letter.letterhead.name)} It was sent to {address}.",
        unsubscribe_href=_unsubscribe(links),
        preferences_href=_preferences(links.preferences_url, links.preferences_mailto),
        help_href=mail_address(links.help_mailto, "help_mailto"),
        votes_href=votes_href(links),
        view_href=link_address(links.view_url or ""),
    )


def view_entry(entry: LetterEntry, number: int, today: date, votes: str = "") -> EntryView:
    """Return what a template shows of an entry; of `today` only the year makes a difference."""
    content = entry.content
    is_comments_linked = content.comments is not None and any(
        link.kind is LinkKind.DISCUSSION and link_address(link.url) for link in content.links
    )
    placed = place_entry(entry, number, votes)
    return EntryView(
        number=number,
        numeral=placed.numeral,
        title=shorten(tidy(content.title), TITLE_CHARACTERS) or "Untitled",
        href=link_address(_page(content)),
        authors=_authors(content),
        organization=shorten(tidy(content.organization or ""), NAME_CHARACTERS),
        sources=shorten(
            tidy(", ".join(name for name in entry.sources if name != LIBRARY)), NAME_CHARACTERS
        ),
        published_on=_day(content, today),
        upvotes=_counted(content.upvotes, "up-vote"),
        comments="" if is_comments_linked else _counted(content.comments, "comment"),
        links=_links(content),
        summary=tidy(entry.summary),
        reasons=_reasons(entry.reasons),
        why=placed.why,
        vote_href=placed.vote_href,
    )


def place_entry(entry: LetterEntry, number: int, votes: str) -> Placed:
    """Return what is shown of an entry that depends on its place and its reader."""
    why = " · ".join(_reasons(entry.reasons))
    return Placed(str(number), f"{number}. ".ljust(4), why, f"{votes}/{number}" if votes else "")


# Many letters have them in common.
_written_date = lru_cache(maxsize=64)(write_date)
_tidy = lru_cache(maxsize=1_024)(tidy)


@lru_cache(maxsize=4_096)
def _reasons(reasons: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, map(tidy, reasons)))


def _day(content: EntryContent, today: date) -> str:
    if content.published_on is None:
        return ""
    return write_day(content.published_on, today=today).replace(" ", _NO_BREAK)


def _page(content: EntryContent) -> str:
    return next((link.url for link in content.links if link.kind is LinkKind.PAGE), "")


def _links(content: EntryContent) -> tuple[LinkView, ...]:
    """Return the first usable link of each kind, without the one that the title carries.

    A page that may not be linked is written out, so that the entry can still be found.
    """
    page = web_address(_page(content))
    views: dict[str, LinkView] = {}
    if page and not link_address(page):
        views["Page"] = LinkView("Page", "", page)
    for kind in _LABELS:
        for link in content.links:
            address = web_address(link.url)
            if link.kind is kind and address and address != page:
                views.setdefault(
                    kind, LinkView(_label(link, content), link_address(address), address)
                )
    return tuple(views.values())


def _label(link: Link, content: EntryContent) -> str:
    if link.kind is LinkKind.DISCUSSION and content.comments:
        return _counted(content.comments, "comment")
    return _LABELS[link.kind]


def _authors(content: EntryContent) -> str:
    """Write the first authors and how many more there are; all when only one would be left out."""
    count = max(len(content.authors), content.author_count or 0)
    if not content.authors:
        return _counted(count or None, "author")
    shown = (
        content.authors
        if len(content.authors) == count <= SHOWN_AUTHORS + 1
        else (content.authors[:SHOWN_AUTHORS])
    )
    names = ", ".join(shorten(tidy(author), NAME_CHARACTERS) for author in shown)
    return f"{names}{_NO_BREAK}+{_NO_BREAK}{count - len(shown)}" if count > len(shown) else names


def _counted(number: int | None, noun: str) -> str:
    if not number:  # "0 comments" tells a reader nothing
        return ""
    return f"{number:,}{_NO_BREAK}{noun if number == 1 else noun + 's'}"


@lru_cache(maxsize=4_096)
def _because(topics: tuple[str, ...], newsletter: str) -> str:
    shown = [shorten(tidy(topic), NAME_CHARACTERS) for topic in topics]
    if len(shown) > SHOWN_TOPICS:
        shown = [*shown[: SHOWN_TOPICS - 1], f"{len(shown) - SHOWN_TOPICS + 1} more topics"]
    follows = (
        f"you follow {join_words(shown)}" if shown else f"you subscribed to {tidy(newsletter)}"
    )
    return f"You get this letter because {follows}."


def _unsubscribe(links: LetterLinks) -> str:
    mailto = mail_address(links.unsubscribe_mailto, "unsubscribe_mailto")
    return link_address(links.unsubscribe_url or "") or mailto


@lru_cache(maxsize=16)  # it is the same for all letters
def _preferences(url: str | None, mailto: str) -> str:
    written = mail_address(mailto, "preferences_mailto")
    return link_address(url or "") or written
