"""One content out of two announcements."""

from dataclasses import replace
from datetime import date

from hypothesis import given

from newsletter.model import EntryContent, Link, LinkKind
from newsletter.rules.identity import merge
from newsletter.rules.identity.merging import MOST_LISTED
from tests.rules.drawn_contents import CONTENTS


def without_lists(content: EntryContent) -> EntryContent:
    return replace(content, links=(), categories=(), keywords=(), affiliations=())


@given(CONTENTS, CONTENTS)
def test_merging_one_of_the_two_again_changes_nothing(a: EntryContent, b: EntryContent) -> None:
    both = merge(a, b)

    assert merge(both, a) == both
    assert merge(both, b) == both


@given(CONTENTS, CONTENTS)
def test_the_order_only_decides_which_links_and_categories_come_first(
    a: EntryContent, b: EntryContent
) -> None:
    one, other = merge(a, b), merge(b, a)

    assert without_lists(one) == without_lists(other)
    assert set(one.links) == set(other.links)
    assert set(one.categories) == set(other.categories)


def test_the_richest_of_each_is_kept() -> None:
    page = Link(LinkKind.PAGE, "https://example.org/silt")
    code = Link(LinkKind.CODE, "https://example.org/silt.git")
    poor = EntryContent(
        "Silt",
        abstract="Short.",
        authors=("M. Holm",),
        published_on=date(2026, 5, 2),
        comments=3,
        links=(page,),
    )
    rich = EntryContent(
        "Silt in harbours",
        abstract="Somewhat longer.",
        authors=("M. Holm", "I. Ek"),
        author_count=2,
        published_on=date(2026, 5, 1),
        comments=2,
        upvotes=0,
        links=(code, page),
    )

    both = merge(poor, rich)

    assert (both.title, both.abstract) == (rich.title, rich.abstract)
    assert (both.authors, both.author_count) == (rich.authors, 2)
    assert both.published_on == date(2026, 5, 1)
    assert (both.comments, both.upvotes) == (3, 0)
    assert both.links == (page, code)


def test_what_nobody_said_stays_unknown() -> None:
    both = merge(EntryContent("Silt"), EntryContent("Silt", abstract=""))

    assert both == EntryContent("Silt")


def test_links_do_not_grow_forever() -> None:
    def page(start: int) -> tuple[Link, ...]:
        numbers = range(start, start + MOST_LISTED)
        return tuple(Link(LinkKind.PAGE, f"https://example.org/{n}") for n in numbers)

    first = EntryContent("Silt", links=page(0))

    assert merge(first, EntryContent("Silt", links=page(500))).links == first.links
