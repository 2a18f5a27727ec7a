"""Newsletters and lists that come by mail: which of their links are entries, and what belongs to each."""
# ruff: noqa: E501 - mails have long lines

from datetime import UTC, date, datetime

from newsletter.model import LinkKind
from tests.sources.mail_letters import (
    ARXIV,
    DESK,
    SCHOLAR,
    TOKEN,
    WEEKLY,
    entries,
    message,
    read,
    urls,
)


def test_the_entries_of_a_newsletter_are_the_links_with_titles() -> None:
    assert [one.content.title for one in entries(message("stub", WEEKLY, bulk=True))] == [
        "Ants that plan their way home",
        "How a nest cools itself without a fan",
        "Bread and its crumbs",
        "Counting ants with small models",
        "A theory of crowded bridges",
    ]


def test_an_entry_has_the_text_beside_or_below_its_title() -> None:
    found = entries(message(None, WEEKLY, bulk=True))
    texts = [one.content.abstract for one in found]
    assert texts[0] == (
        "We show that ants of one nest remember sixteen ways home & choose the shortest of them, also at night."
    )
    assert texts[1] is not None
    assert texts[1].startswith("The walls of the nest let the warm air out")
    assert texts[2] == "what ants carry first when all of the bread is there at once"
    assert texts[3] is None
    assert texts[4] == (
        "In A theory of crowded bridges, the authors ask why nobody ever falls off."
    )


def test_papers_are_known_by_their_ids_and_links_are_without_marks() -> None:
    found = entries(message(None, WEEKLY, bulk=True))
    assert [(one.arxiv_id, one.version, one.doi) for one in found] == [
        ("2605.01234", 2, None),
        (None, None, None),
        (None, None, "10.1000/ants.7"),
        ("2605.00042", None, None),
        (None, None, None),
    ]
    assert urls(found[0]) == [
        "https://arxiv.org/abs/2605.01234",
        "https://arxiv.org/pdf/2605.01234v2",
        "https://github.com/ants/home",
    ]
    assert [link.kind for link in found[0].content.links] == [
        LinkKind.PAGE,
        LinkKind.PDF,
        LinkKind.CODE,
    ]
    assert urls(found[1]) == ["https://blog.example.org/posts/nest?page=2"]
    assert urls(found[4]) == ["https://openreview.net/forum?id=aB3dE5fG7h"]


def test_an_entry_knows_source_topics_and_when_it_was_announced() -> None:
    one = entries(message(None, WEEKLY, bulk=True))[0]
    assert (one.source, one.topics) == (DESK, ("ants",))
    assert one.announced_at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_a_date_in_the_future_is_that_of_coming() -> None:
    raw = message(None, WEEKLY, bulk=True).replace(b"23 Nov 2026", b"23 Nov 2027")
    assert entries(raw)[0].announced_at == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    for broken in (b"Date: yesterday", b"Date: " + b"9" * 90, b"X-Date: none"):
        raw = message(None, WEEKLY, bulk=True).replace(
            b"Date: Mon, 23 Nov 2026 10:00:00 +0100", broken
        )
        assert entries(raw)[0].announced_at == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def test_the_same_mail_twice_is_the_same_entries() -> None:
    ids = [one.source_id for one in entries(message(None, WEEKLY, bulk=True))]
    assert ids == [one.source_id for one in entries(message(None, WEEKLY, bulk=True))]
    assert len(set(ids)) == 5


def test_nothing_that_names_our_own_address_gets_into_an_entry() -> None:
    html = f"""<p><a href="https://example.com/posts/ants?u={TOKEN}">All about the ants of today</a></p>
    <p><a href="https://example.com/posts/bees">All about the bees of today</a></p>
    <p>This issue with its ten thousand words was written for submit+{TOKEN}@news.example.org and others.</p>"""
    (one,) = entries(message(None, html, bulk=True))
    assert one.content.title == "All about the bees of today"
    assert one.content.abstract is None


def test_a_scholar_alert_tells_authors_venue_and_text() -> None:
    first, second = entries(message(None, SCHOLAR, bulk=True))
    assert first.arxiv_id == "2605.01234"
    assert first.content.authors == ("A Bee", "C Dee", "E Eff")
    assert first.content.author_count is None  # there are more
    assert first.content.abstract is not None
    assert first.content.abstract.startswith(
        "We show that ants of one nest remember sixteen ways home and choose the"
    )
    assert second.content.authors == ("G Gee", "H Aitch")
    assert second.content.author_count == 2
    assert second.content.venue == "Journal of Ants"
    assert urls(second) == ["https://www.sciencedirect.com/science/article/pii/S1234567890123456"]


def test_a_list_of_arxiv_is_read_with_all_its_fields() -> None:
    first, second, third = entries(message(ARXIV, bulk=True))
    content = first.content
    assert (first.arxiv_id, first.doi, first.source_id) == (
        "2605.01234",
        "10.1000/ants.7",
        "2605.01234",
    )
    assert content.title == (
        "Ants that plan their way home: a study of sixteen nests and all of their ways"
    )
    assert content.abstract == (
        "We show that ants of one nest remember sixteen ways home. Their costs are $\\mathcal{O}(n)$ and the"
        " shortest one is chosen.\n\nA second paragraph."
    )
    assert content.authors == ("A. Bee", "C. Dee", "E. Eff")
    assert content.categories == ("cs.LG", "q-bio.NC")
    assert content.remark == "12 pages, 3 figures, with an appendix on bread"
    assert content.venue == "Journal of Ants 7 (2026)"
    assert content.license == "http://creativecommons.org/licenses/by/4.0/"
    assert content.published_on == date(2026, 5, 1)
    assert first.announced_at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert not first.is_revision
    assert (second.arxiv_id, second.is_revision) == ("2605.00042", False)
    assert (third.arxiv_id, third.is_revision, third.content.abstract) == ("2601.00007", True, None)


def test_of_a_list_of_arxiv_a_paper_without_a_title_is_a_problem() -> None:
    assert read(message(ARXIV, bulk=True)).problems == (
        '"2604.77777" has no title or no id: left out',
    )


def test_a_forwarded_list_of_arxiv_is_read_too() -> None:
    quoted = "\n".join(f"> {line}" for line in ARXIV.splitlines())
    assert len(entries(message(f"FYI\n\nOn Monday, arXiv wrote:\n\n{quoted}\n"))) == 3


def test_a_newsletter_in_plain_text_is_read_by_lines() -> None:
    text = """ANTS WEEKLY
View this email in your browser: https://mail.example.com/web/1

1. Ants that plan their way home
https://arxiv.org/abs/2605.01234
We show that ants of one nest remember sixteen ways
home and choose the shortest of them.

2. How a nest cools itself (https://blog.example.org/nest)

Unsubscribe from this list: https://mail.example.com/unsubscribe/1
"""
    first, second = entries(message(text, bulk=True))
    assert first.content.title == "Ants that plan their way home"
    assert first.content.abstract == (
        "We show that ants of one nest remember sixteen ways home and choose the shortest of them."
    )
    assert second.content.title == "How a nest cools itself"


def test_a_link_that_counts_clicks_is_left_out_and_its_entry_stays() -> None:
    html = """<p><a href="https://x.us1.list-manage.com/track/click?u=0a1b2c3d4e5f60718293a4b5c&amp;id=1">A title
    behind a counter of clicks</a></p>"""
    reading = read(message(None, html, bulk=True))
    (one,) = reading.entries
    assert one.content.title == "A title behind a counter of clicks"
    assert (one.content.links, reading.unlinked) == ((), 1)


def test_a_question_whether_one_subscribed_has_no_entry() -> None:
    html = """<h1>Confirm your subscription</h1><p>Somebody asked for our newsletter on ants.</p>
    <p><a href="https://example.com/c/9f">I want the news about ants</a></p>"""
    for subject in (
        "Please confirm your subscription",
        "Newsletter: verify your address",
        "Bitte bestätigen",
    ):
        assert read(message(None, html, subject=subject, bulk=True)).entries == ()
    plain = "Please confirm your subscription to our list:\nhttps://example.com/confirm/abc\n"
    assert read(message(plain, subject="Welcome", bulk=True)).entries == ()


def test_a_newsletter_about_nothing_has_no_entry() -> None:
    for html in ("", "<p>No links here at all, only some words about ants.</p>", "<a href=''>Ants and more ants</a>",
                 "<a href='mailto:a@example.org'>Write to our editors now</a>", "<a href='/x'>A relative link to ants</a>",
                 "<a href='https://example.org/'>The home of all ants</a>"):  # fmt: skip
        assert read(message(None, html or " ", bulk=True)).entries == ()
