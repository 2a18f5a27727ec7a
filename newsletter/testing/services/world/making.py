"""Makes the world around a day: the same one whenever it is made for that day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final

from newsletter.testing.services.world.calendar import batch_days, cut_off, feed_day, hub_opens
from newsletter.testing.services.world.dice import fraction, hex_of, pick
from newsletter.testing.services.world.papers import (
    Hub,
    Listing,
    Paper,
    Preprint,
    Version,
    listings,
    with_version,
)
from newsletter.testing.services.world.people import author_list, organization
from newsletter.testing.services.world.posts import Post, make_posts
from newsletter.testing.services.world.texts import FIELDS, comment_texts, field_texts

_BEFORE, _AFTER = 6, 9
_A_DAY: Final = 8
_FIRST_NUMBER, _STEP = 1000, 53
_LICENCES: Final = (
    "http://creativecommons.org/licenses/by/4.0/",
    "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
    "http://creativecommons.org/licenses/by-nc-sa/4.0/",
    "",
)
_SHARES: Final = {"robotics": 0.9, "language": 0.9, "statistics": 0.5, "neuroscience": 0.4}
"""Of the papers of a field, those that Hugging Face lists."""
_REVISED, _PUBLISHED, _REVIEWED, _CROSSED = 0.3, 0.25, 0.35, 0.5
_OF_ARXIV: Final = {"biology": 4, "neuroscience": 2}
"""Each how many papers of a field one is at arXiv; of the other fields all are."""
_CONSORTIUM, _WITHDRAWN = 31, 11
_REVISED_AFTER_DAYS: Final = 3


@dataclass(frozen=True, slots=True)
class World:
    """All papers, in the order of their submission, and all posts."""

    papers: tuple[Paper, ...]
    posts: tuple[Post, ...]
    days: tuple[date, ...]
    """The days whose feeds list anything, in order."""

    def listings(self, day: date, wanted: Sequence[str]) -> tuple[Listing, ...]:
        """Return what arXiv's feed of `day` lists for categories or archives, new first."""
        return listings(self.papers, day, wanted)

    def latest_batch(self, day: date) -> date:
        """Return the last day up to `day` on which something was listed."""
        return max((one for one in self.days if one <= day), default=self.days[0])


def make_world(moment: datetime) -> World:
    """Return the world around `moment`: a week behind it, and two weeks to come."""
    return _world(feed_day(moment))


@cache
def _world(today: date) -> World:
    days = batch_days(today, _BEFORE, _AFTER)
    count = len(FIELDS) * len(field_texts(FIELDS[0]).pieces)
    papers = tuple(_paper(number, days) for number in range(count))
    return World(papers, make_posts(today), days)


def _paper(number: int, days: Sequence[date]) -> Paper:
    at, place = divmod(number, _A_DAY)
    index, which = divmod(number, len(FIELDS))
    texts, key = field_texts(FIELDS[which]), f"paper {number}"
    submitted_at = cut_off(days[at]) - timedelta(minutes=95 * (_A_DAY - place), seconds=7 * place)
    comment = comment_texts()[pick(f"{key} comment", len(comment_texts()))]
    title, abstract = texts.pieces[index][0], texts.abstract(index, key)
    first = Version(1, days[at], submitted_at, title, abstract, comment)
    paper = Paper(
        number=number,
        field=texts.name,
        versions=(first,),
        authors=author_list(key, is_consortium=number == _CONSORTIUM),
        organization=organization(key),
        categories=_categories(key, texts.marks),
        licence=_LICENCES[pick(f"{key} licence", len(_LICENCES))],
        is_withdrawn=number == _WITHDRAWN,
    )
    return _placed(_revised(paper, days[at + 1 :]), index, texts.marks.get("area", ("",))[0])


def _categories(key: str, marks: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    primary = marks["category"][0]
    others = [name for name in marks["cross"][0].split() if fraction(f"{key} {name}") < _CROSSED]
    return (primary, *others[:3])


def _revised(paper: Paper, later: Sequence[date]) -> Paper:
    if paper.chance("revised") >= _REVISED or len(later) <= _REVISED_AFTER_DAYS:
        return paper
    day = later[pick(f"{paper.key} revised on", _REVISED_AFTER_DAYS)]
    first = paper.first
    version = replace(
        first,
        number=2,
        day=day,
        submitted_at=cut_off(day) - timedelta(hours=2, minutes=paper.number % 60),
        abstract=f"{first.abstract} This version adds a comparison that a reader asked for.",
        comment="v2: typos mended, one comparison added",
    )
    return with_version(paper, version)


def _placed(paper: Paper, index: int, areas: str) -> Paper:
    """Return the paper with the places where it is published."""
    if index % _OF_ARXIV.get(paper.field, 1):
        return replace(paper, preprint=_preprint(paper, areas.split(" | ")))
    month = paper.first.submitted_at.strftime("%y%m")
    arxiv_id = f"{month}.{_FIRST_NUMBER + _STEP * paper.number:05}"
    paper = replace(paper, arxiv_id=arxiv_id)
    if paper.chance("published") < _PUBLISHED:
        year = paper.first.day.year
        paper = replace(
            paper,
            doi=f"10.5555/JCM.{year}.{1000 + paper.number}",
            journal=f"Journal of Careful Measurement {year % 100}, {100 + paper.number} ({year})",
        )
    is_reviewed = paper.field in {"language", "robotics"} and paper.chance("review") < _REVIEWED
    is_listed = paper.chance("hub") < _SHARES.get(paper.field, 0)
    return replace(paper, is_reviewed=is_reviewed, hub=_hub(paper) if is_listed else None)


def _preprint(paper: Paper, areas: Sequence[str]) -> Preprint:
    prefix = "10.1101" if pick(f"{paper.key} prefix", 6) == 0 else "10.64898"
    day = paper.first.day
    return Preprint(
        server="medrxiv" if paper.number % 7 == 0 else "biorxiv",
        doi=f"{prefix}/{day:%Y.%m.%d}.{612000 + 17 * paper.number}",
        category=areas[pick(f"{paper.key} area", len(areas))],
        is_padded=pick(f"{paper.key} padded", 4) > 0,
    )


_LATE, _UNLOVED, _SUMMARISED, _CODED, _HOMED, _FILMED = 0.6, 0.12, 0.8, 0.6, 0.5, 0.3
_MOST_UPVOTES: Final = 140


def _hub(paper: Paper) -> Hub:
    day, key = paper.first.day, paper.key
    name = f"paper-{paper.number}"
    waits = timedelta(hours=pick(f"{key} joins", 60)) if paper.chance("late") < _LATE else None
    is_unloved = paper.chance("upvotes") < _UNLOVED
    words = [word for word in paper.first.title.replace(":", "").split() if word.isalpha()]
    uploads = f"https://cdn-uploads.example.org/{hex_of(key)}"
    return Hub(
        day=day,
        joins_at=hub_opens(day) + (waits or timedelta(minutes=5 * (paper.number % 12))),
        upvotes=0 if is_unloved else 1 + int(_MOST_UPVOTES * paper.chance("loved") ** 4),
        comments=pick(f"{key} comments", 6),
        project=f"https://{name}.example.org/" if paper.chance("home") < _HOMED else None,
        code=f"https://code.example.org/lab/{name}" if paper.chance("code") < _CODED else None,
        stars=pick(f"{key} stars", 900),
        summary=_first_sentence(paper) if paper.chance("summary") < _SUMMARISED else None,
        keywords=tuple(word.lower() for word in words[:5]),
        media=(f"{uploads}.{'mp4' if paper.number % 2 else 'png'}",)
        if paper.chance("film") < _FILMED
        else (),
    )


def _first_sentence(paper: Paper) -> str:
    """Return what the work does: its second sentence, for the first speaks of the world."""
    return paper.first.abstract.split(". ")[1].removesuffix(".") + "."
