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
_STORIES: Final = (
    # A title, an abstract, and the numbers of up-votes, comments and authors.
    (_PLAIN.title, _ABSTRACT, (31, 4, 5)),
    (
        "A Map of What Language Models Refuse, Drawn by the Models Themselves",
        (
            "Eleven language models were asked what they would not answer, and their maps of "
            "forbidden ground were laid over each other. The borders agree in the middle and "
            "nowhere else. Where they differ, a polite second question was enough in four cases of "
            "ten."
        ),
        (212, 38, 6),
    ),
    (
        "Rain Next Week: Honest Forecasts from Dishonest Sensors",
        (
            "One gauge in five lies, and nobody knows which. We forecast with all of them and "
            "learn, from the rain that came, whom to believe."
        ),
        (9, 1, 2),
    ),
    (
        "Small Graphs, Large Regrets",
        (
            "A bandit that walks on a graph of nine nodes can lose more than one on nine thousand. "
            "We prove a bound that does not mind the size, and give the nine nodes."
        ),
        (17, 1, 2),
    ),
    (
        "Reading the Fine Print: Privacy Notices as a Retrieval Problem",
        (
            "People want to know one thing of a privacy notice, and it is on page fourteen. We "
            "collect 2,300 such questions with the sentence that answers each. Retrieval by meaning"
            " finds it first for two questions of three; a search for words finds it for one."
        ),
        (54, 12, 4),
    ),
    (
        "When the Critic Sleeps: Offline Learning without Value Estimates",
        (
            "Offline reinforcement learning leans on a critic that has never seen what it judges. "
            "Leaving it out costs less than is thought."
        ),
        (140, 21, 9),
    ),
    (
        "Two Microphones and a Kitchen: Speech Recognition over Frying Onions",
        (
            "Noise that is always the same is easy. Onions are not: they begin, hiss and stop. Two "
            "cheap microphones and a model of the pan halve the word error rate while somebody "
            "cooks."
        ),
        (23, 3, 5),
    ),
    (
        "Why Recommenders Forget Mondays",
        "What people like on a Monday is shown to them on Tuesday.",
        (88, 16, 3),
    ),
    (
        "Proofs that Fit on a Postcard",
        (
            "We ask a prover for the shortest proof, not the first. On a third of the problems it "
            "needs less than 400 characters, and people check those in a minute."
        ),
        (301, 47, 12),
    ),
    (
        "Seeing Less, Knowing More: Sparse Views of Dense Cities",
        (
            "Nine photographs of a street are enough to walk through it, if the model knows what a "
            "street is. Windows come out right, dogs do not."
        ),
        (54, 8, 7),
    ),
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
        "every-day": _edition([_story(number) for number in range(10)], also=3),
        "one-entry": _edition([_PLAIN]),
        "forty-entries": _edition([_story(number) for number in range(40)]),
        "long-titles": _edition([replace(_PLAIN, title=_LONG)] * 3, also=1),
        "574-authors": _edition([replace(_PLAIN, authors=crowd, author_count=574)]),
        "right-to-left": _edition([right_to_left, _PLAIN]),
        "no-abstract": _edition([untold, replace(untold, author_count=1, organization=None)]),
        "odd-characters": _edition([hostile]),
        "nothing-today": _note(),
    }


def _story(number: int) -> EntryContent:
    """Return a content that is like others only every tenth time."""
    title, abstract, (upvotes, comments, authors) = _STORIES[number % len(_STORIES)]
    page = _PAGE.format(title.split()[-1].lower())
    return replace(
        _PLAIN,
        title=title,
        abstract=abstract,
        authors=_PLAIN.authors[: min(authors, 5)],
        author_count=authors,
        organization=_PLAIN.organization if number % 5 in {0, 2} else None,
        upvotes=upvotes,
        comments=comments,
        links=(
            Link(LinkKind.PAGE, page),
            Link(LinkKind.PDF, f"{page}.pdf"),
            *(_PLAIN.links[2:] if number % 2 == 0 else ()),
        ),
    )


def _edition(contents: list[EntryContent], also: int = 0) -> SampleEdition:
    kept = {RevisionId(f"r{number}"): content for number, content in enumerate(contents)}
    matches = tuple(_match(number) for number in range(len(contents)))
    cut = [_story(-1 - number) for number in range(also)]
    kept |= {RevisionId(f"r{100 + number}"): content for number, content in enumerate(cut)}
    others = tuple(_match(100 + number) for number in range(also))
    return SampleEdition(replace(_EMPTY, matches=matches, also_matched=others), kept)


def _note() -> SampleEdition:
    sentence = "143 entries were new; none of them answers one of your topics."
    note = Silence(SilenceReason.NOTHING_MATCHED, sentence)
    return SampleEdition(replace(_EMPTY, note=note), {})


_REASONS: Final = (
    (Reason(ReasonKind.TOPIC, "Robots at home", ("laundry", "Robots")),),
    (Reason(ReasonKind.TOPIC, "What models refuse", by_meaning=True),),
    (
        Reason(ReasonKind.TOPIC, "Weather", ("rain", "forecast")),
        Reason(ReasonKind.ORGANIZATION, "Institute of Invented Results"),
    ),
    (Reason(ReasonKind.AUTHOR, "Joon Sample"),),
    (Reason(ReasonKind.TRENDING, "54 up-votes"),),
)


def _match(number: int) -> Match:
    return Match(
        EntryId(f"sample:{number}"),
        RevisionId(f"r{number}"),
        1.0,
        _REASONS[number % len(_REASONS)],
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
        ("Robots at home", "What models refuse", "Weather"),
    ),
    slot=Slot(_DAY, _MORNING, "Europe/Paris"),
    planned_at=_MORNING,
    matches=(),
    also_matched=(),
    new_count=143,
    since=date(2026, 11, 20),
    dressing=RevisionId("sample"),
)
