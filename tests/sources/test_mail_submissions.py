"""What people hand in by mail: links with titles, a block of YAML or JSON, something forwarded."""
# ruff: noqa: E501 - mails have long lines

import pytest

from tests.sources.mail_letters import ARXIV, entries, message, read, urls

LINKS = """Hello,

for the next letter:
https://arxiv.org/abs/2605.01234 Ants that plan their way home - must have
How nests cool themselves: https://blog.example.org/nest?utm_source=x
- Bread and its crumbs (https://doi.org/10.1000/ants.7)
[Counting all the ants](https://example.org/counting).
arXiv:2605.00042 Bridges in crowded places

Thanks, Ada
"""
SIGNATURE = """
--\x20
Ada Lovelace, Institute of Ants and Bees https://institute.example.org/people/ada
"""


def titles(raw: bytes) -> list[str]:
    return [one.content.title for one in entries(raw)]


def test_a_link_on_each_line_with_its_title_on_either_side() -> None:
    found = entries(message(LINKS + SIGNATURE))
    assert [one.content.title for one in found] == [
        "Ants that plan their way home",
        "How nests cool themselves",
        "Bread and its crumbs",
        "Counting all the ants",
        "Bridges in crowded places",
    ]
    assert [urls(one)[0] for one in found] == [
        "https://arxiv.org/abs/2605.01234",
        "https://blog.example.org/nest",
        "https://doi.org/10.1000/ants.7",
        "https://example.org/counting",
        "https://arxiv.org/abs/2605.00042",
    ]
    assert [one.arxiv_id for one in found] == ["2605.01234", None, None, None, "2605.00042"]


def test_a_title_may_stand_above_or_below_its_link() -> None:
    text = """A theory of crowded bridges
A. Bee, C. Dee
https://openreview.net/forum?id=aB3dE5fG7h
We ask why nobody ever falls off the bridge, and give
an answer that holds for all bridges.

https://arxiv.org/abs/2605.01234
Ants that plan their way home
"""
    first, second = entries(message(text))
    assert first.content.title == "A theory of crowded bridges"
    assert first.content.authors == ("A. Bee", "C. Dee")
    assert first.content.abstract == (
        "We ask why nobody ever falls off the bridge, and give an answer that holds for all bridges."
    )
    assert second.content.title == "Ants that plan their way home"


def test_a_link_alone_gets_the_subject_as_its_title() -> None:
    raw = message(
        "https://arxiv.org/abs/2605.01234\n", subject="Fwd: Ants that plan their way home"
    )
    assert titles(raw) == ["Ants that plan their way home"]
    assert titles(message("https://arxiv.org/abs/2605.01234\n", subject="FYI")) == []


def test_a_paper_without_a_title_is_a_problem() -> None:
    reading = read(
        message(
            "https://arxiv.org/abs/2605.01234 Ants that plan\n\nhttps://arxiv.org/abs/2605.00042\n"
        )
    )
    assert len(reading.entries) == 1
    assert reading.problems == (
        "https://arxiv.org/abs/2605.00042 has no title; write it on the same line",
    )


def test_a_block_of_yaml_has_the_keys_of_a_file() -> None:
    text = """Please take these:

entries:
  - title: Ants that plan
    abstract: |
      They plan.

      A lot.
    page: https://arxiv.org/abs/2605.01234
  - title: Bread
    doi: 10.1000/ANTS.7
    upvotes: many

Best wishes
Ada
"""
    reading = read(message(text))
    first, second = reading.entries
    assert (first.content.abstract, first.arxiv_id) == ("They plan.\n\nA lot.", "2605.01234")
    assert (second.doi, urls(second)) == ("10.1000/ants.7", ["https://doi.org/10.1000/ants.7"])
    assert reading.problems == ('entries:10: upvotes: "many" is no count; write a whole number',)


@pytest.mark.parametrize(
    "text",
    [
        "title: Bread and more\nurl: https://example.org/bread\nauthors: A. Bee; C. Dee\n\nThanks!\n",
        "- title: Bread and more\n  url: https://example.org/bread\n  authors: [A. Bee, C. Dee]\n",
        'Hi\n[{"title": "Bread and more", "url": "https://example.org/bread",\n "authors": ["A. Bee", "C. Dee"]}]\nBye\n',
        '{"entries": [{"title": "Bread and more", "url": "https://example.org/bread", "authors": "A. Bee;C. Dee"}]}',
        "```yaml\n- title: Bread and more\n  url: https://example.org/bread\n  authors: A. Bee; C. Dee\n```\nAda\n",
    ],
)
def test_an_entry_may_be_written_in_many_ways(text: str) -> None:
    (one,) = entries(message(text))
    assert one.content.title == "Bread and more"
    assert urls(one) == ["https://example.org/bread"]
    assert one.content.authors == ("A. Bee", "C. Dee")
    assert one.announced_at is not None


@pytest.mark.parametrize(
    "text",
    [
        "- title: Bread\n  page: [https://example.org/x\n",
        '[{"title": "Bread and all of its crumbs", "url": "https://example.org/x"',
        "- title: &a Bread\n  abstract: *a\n",
        "entries:\n  - just words about https://example.org/x here\n",
    ],
)
def test_a_broken_block_is_a_problem_and_never_guessed_at(text: str) -> None:
    reading = read(message(text))
    assert reading.entries == ()
    assert len(reading.problems) == 1
    assert reading.problems[0].startswith("entries:")


def test_what_is_forwarded_counts_when_nothing_stands_above_it() -> None:
    forwarded = """---------- Forwarded message ---------
From: Weekly <w@example.com>
Date: Mon, Nov 23, 2026
Subject: Ants weekly
To: <ada@example.org>

Ants that plan their way home <https://arxiv.org/abs/2605.01234>
"""
    assert titles(message(f"FYI, for Monday!\n\n{forwarded}")) == ["Ants that plan their way home"]
    above = f"How nests cool themselves: https://blog.example.org/nest\n\n{forwarded}"
    assert titles(message(above)) == ["How nests cool themselves"]
    quoted = "See below\n\n> Ants that plan their way home\n> https://arxiv.org/abs/2605.01234\n"
    assert titles(message(quoted)) == ["Ants that plan their way home"]


def test_of_an_html_mail_the_writers_own_part_counts() -> None:
    html = """<div>Please: <a href="https://blog.example.org/nest">How nests cool themselves</a></div>
    <div>On Mon, Nov 23, 2026, Bob wrote:</div>
    <blockquote><a href="https://arxiv.org/abs/2605.01234">Ants that plan their way home</a></blockquote>"""
    assert titles(message(None, html)) == ["How nests cool themselves"]
    only_quoted = html[html.index("<div>On") :]
    assert titles(message(None, only_quoted)) == ["Ants that plan their way home"]


def test_flowed_lines_are_joined_before_a_block_is_read() -> None:
    text = "- title: Ants that plan their way home and a title that goes \non here\n  page: https://example.org/a\n"
    raw = message(text).replace(b'charset="utf-8"', b'charset="utf-8"; format=flowed')
    assert titles(raw) == ["Ants that plan their way home and a title that goes on here"]


def test_a_list_of_arxiv_that_is_handed_in_is_read_as_one() -> None:
    assert len(entries(message(ARXIV))) == 3


def test_a_mail_without_anything_is_nothing() -> None:
    for text in (
        "",
        "\n",
        "Hello, are you there?\n",
        "My page is www.example.org\n",
        "--\n",
        "title:\n",
    ):
        reading = read(message(text))
        assert (reading.entries, reading.problems) == ((), ())
