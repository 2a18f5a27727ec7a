"""Editions that no real day would bring together: what every template has to show well.

All papers and people in them are invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

from newsletter.model import (
    Edition,
    EditionId,
    EmailAddress,
    EntryContent,
    EntryId,
    LetterFormat,
    Link,
    LinkKind,
    Match,
    Reader,
    Reason,
    ReasonKind,
    RevisionId,
    Silence,
    SilenceReason,
    Slot,
    SourceName,
    SubscriberId,
)

_DAY: Final = date(2026, 11, 23)
_MORNING: Final = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
_PAGE: Final = "https://papers.example.org/{}"

_ABSTRACT: Final = (
    "Robots that sort laundry learn from people who fold it twice. We film both folds, ask which one "
    "a tired person would prefer, and train on the answer. The robot needs a third of the examples "
    "and drops fewer socks. It still cannot find the second one."
)
_PLAIN: Final = EntryContent(
    title="Folding Twice: Preferences of Tired People for Laundry Robots",
    abstract=_ABSTRACT,
    authors=("Marta Example", "Joon Sample", "Ines Placeholder", "Otto Specimen", "Lea Muster"),
    author_count=5,
    organization="Institute of Invented Results",
    published_on=date(2026, 11, 20),
    comments=4,
    upvotes=31,
    links=(
        Link(LinkKind.PAGE, _PAGE.format("folding")),
        Link(LinkKind.PDF, _PAGE.format("folding.pdf")),
        Link(LinkKind.CODE, "https://code.example.org/folding"),
    ),
)
_TITLES: Final = (
    "Folding Twice: Preferences of Tired People for Laundry Robots",
    "A Map of What Language Models Refuse, Drawn by the Models Themselves",
    "Rain Next Week: Honest Forecasts from Dishonest Sensors",
    "Small Graphs, Large Regrets",
    "Reading the Fine Print: Privacy Notices as a Retrieval Problem",
    "When the Critic Sleeps: Offline Learning without Value Estimates",
    "Two Microphones and a Kitchen: Speech Recognition over Frying Onions",
    "Why Recommenders Forget Mondays",
    "Proofs that Fit on a Postcard",
    "Seeing Less, Knowing More: Sparse Views of Dense Cities",
)
_LONG: Final = (
    "On the Surprisingly Persistent and Occasionally Beneficial Influence of Extraordinarily Long Titles "
    "on the Readability of Weekly Digests: A Multi-Year, Multi-Site, Multi-Reader Study of Attention"
)


@dataclass(frozen=True, slots=True)
class SampleEdition:
    """One edition with the contents that it names."""

    edition: Edition
    contents: Mapping[RevisionId, EntryContent]


def sample_editions() -> Mapping[str, SampleEdition]:
    """Return the sample editions by a name that says what each is for."""
    crowd = tuple(f"Person {number} Example" for number in range(1, 575))
    untold = replace(_PLAIN, abstract=None, links=(), authors=(), author_count=6, upvotes=None)
    right_to_left = replace(
        _PLAIN,
        title="تعلم الروبوت طي الملابس من تفضيلات البشر",
        abstract="نصور طريقتين لطي القميص ونسأل الناس عن الأفضل. يتعلم الروبوت من ثلث الأمثلة فقط.",
        language="ar",
    )
    hostile = replace(
        _PLAIN, title="Escaping <b>&\"{{ titles }}\"</b>, T$^2$PO and 100 % of 'quotes'"
    )
    return {
        "every-day": _edition([replace(_PLAIN, title=title) for title in _TITLES], also=3),
        "one-entry": _edition([_PLAIN]),
        "forty-entries": _edition([replace(_PLAIN, title=_TITLES[n % 10]) for n in range(40)]),
        "long-titles": _edition([replace(_PLAIN, title=_LONG)] * 3, also=1),
        "574-authors": _edition([replace(_PLAIN, authors=crowd, author_count=574)]),
        "right-to-left": _edition([right_to_left, _PLAIN]),
        "no-abstract": _edition([untold, replace(untold, author_count=1, organization=None)]),
        "odd-characters": _edition([hostile]),
        "nothing-today": _note(),
    }


def _edition(contents: list[EntryContent], also: int = 0) -> SampleEdition:
    kept = {RevisionId(f"r{number}"): content for number, content in enumerate(contents)}
    matches = tuple(_match(number) for number in range(len(contents)))
    cut = [replace(_PLAIN, title=_TITLES[-1 - number]) for number in range(also)]
    kept |= {RevisionId(f"r{100 + number}"): content for number, content in enumerate(cut)}
    others = tuple(_match(100 + number) for number in range(also))
    return SampleEdition(replace(_EMPTY, matches=matches, also_matched=others), kept)


def _note() -> SampleEdition:
    sentence = "143 entries were new; none of them answers one of your topics."
    note = Silence(SilenceReason.NOTHING_MATCHED, sentence)
    return SampleEdition(replace(_EMPTY, note=note), {})


def _match(number: int) -> Match:
    reasons = (
        Reason(ReasonKind.TOPIC, "Robots at home", ("laundry", "Robots")),
        Reason(ReasonKind.ORGANIZATION, "Institute of Invented Results"),
    )
    return Match(
        EntryId(f"sample:{number}"),
        RevisionId(f"r{number}"),
        1.0,
        reasons[: 1 + number % 2],
        topics=("robots",),
        sources=(SourceName("samples"),),
    )


_EMPTY: Final = Edition(
    id=EditionId("sampleeditionsamplee"),
    reader=Reader(
        SubscriberId("sample"),
        EmailAddress("reader@example.org"),
        "Ada",
        LetterFormat.HTML,
        ("Robots at home", "Weather"),
    ),
    slot=Slot(_DAY, _MORNING, "Europe/Paris"),
    planned_at=_MORNING,
    matches=(),
    also_matched=(),
    new_count=143,
    since=date(2026, 11, 20),
    dressing=RevisionId("sample"),
)
