"""Documents: what people write, what it means, and what they are told."""

from datetime import date, time
from pathlib import Path

import pytest

from newsletter.model import (
    Cadence,
    CatalogueTopic,
    EmailAddress,
    Every,
    Follow,
    LetterFormat,
    Order,
    Preferences,
    PreferencesReading,
    Strictness,
    Topic,
    Weekday,
    WhenEmpty,
)
from newsletter.preferences import UNNAMED, parse_documents
from newsletter.rules.addresses import address_key

ROBOTS = Topic("robots", "Robots", "robot*")
CATALOGUE = {"robots": CatalogueTopic(ROBOTS)}
ADA = EmailAddress("ada@example.org")


def read(text: str, defaults: Preferences | None = None) -> PreferencesReading:
    base = defaults or Preferences(email=UNNAMED)
    return parse_documents(text, "a.yaml", catalogue=CATALOGUE, defaults=base)


def one(text: str, defaults: Preferences | None = None) -> Preferences:
    reading = read(text, defaults)
    assert reading.problems == ()
    return reading.documents[0].preferences


def complaints(*lines: str) -> list[str]:
    return [
        str(problem) for problem in read("\n".join(("email: ada@example.org", *lines))).problems
    ]


def test_an_address_alone_is_a_document_and_the_rest_are_the_defaults() -> None:
    defaults = Preferences(
        email=UNNAMED, at_most=3, cadence=Cadence(Every.DAY, time(6), "Asia/Tokyo"), mute=("x",)
    )
    assert one("email: ada@example.org", defaults) == Preferences(
        email=ADA, at_most=3, cadence=defaults.cadence, mute=("x",)
    )


def test_every_key_is_read() -> None:
    text = """
email: ada@example.org
name: Ada
send: {every: [mon, thu], at: 7:05, timezone: Asia/Tokyo}
topics:
  - Robots
  - {name: guardrails, query: '"safety guardrail*" OR title:policy', weight: 0.5}
  - name: climate
    about: >
      machines that help
      governments plan
follow: {authors: [Jane Q. Researcher], organizations: [no]}
mute: ['title:survey']
entries: {at_most: 4, order: newest, minimum_upvotes: 2, revisions: yes, learn: no}
strictness: strict
when_empty: note
format: text
pause_until: 2027-01-04
"""
    assert one(text) == Preferences(
        email=ADA,
        name="Ada",
        cadence=Cadence(
            Every.DAYS, time(7, 5), "Asia/Tokyo", frozenset({Weekday.MON, Weekday.THU})
        ),
        topics=(
            ROBOTS,
            Topic("guardrails", "guardrails", '"safety guardrail*" OR title:policy', None, 0.5),
            Topic("climate", "climate", None, "machines that help governments plan"),
        ),
        follow=Follow(("Jane Q. Researcher",), ("no",)),
        mute=("title:survey",),
        at_most=4,
        order=Order.NEWEST,
        minimum_upvotes=2,
        wants_revisions=True,
        learns=False,
        strictness=Strictness.STRICT,
        when_empty=WhenEmpty.NOTE,
        format=LetterFormat.TEXT,
        pause_until=date(2027, 1, 4),
    )


def test_an_empty_value_means_the_default() -> None:
    text = "email: ada@example.org\nname:\nsend:\ntopics:\nentries:\n  at_most:\npause_until:\n"
    assert one(text) == Preferences(email=ADA)


def test_a_catalogue_topic_can_have_a_weight_of_ones_own() -> None:
    preferences = one("email: ada@example.org\ntopics: [{name: robots, weight: 3}]")
    assert preferences.topics == (Topic("robots", "Robots", "robot*", None, 3.0),)


@pytest.mark.parametrize(
    ("lines", "cadence"),
    [
        ("every: day", Cadence(Every.DAY)),
        ("every: week\n  day: fri", Cadence(Every.WEEK, days=frozenset({Weekday.FRI}))),
        ("every: month\n  day: 31", Cadence(Every.MONTH, month_day=31)),
        ("at: 23:59", Cadence(at=time(23, 59))),
    ],
)
def test_a_cadence_is_read(lines: str, cadence: Cadence) -> None:
    assert one(f"email: ada@example.org\nsend:\n  {lines}").cadence == cadence


@pytest.mark.parametrize("lines", ["day: tue", "every: week", "at: 08:00"])
def test_the_day_of_the_default_holds_while_the_rhythm_is_the_same(lines: str) -> None:
    weekly = Cadence(Every.WEEK, days=frozenset({Weekday.TUE}))
    defaults = Preferences(email=UNNAMED, cadence=weekly)
    assert one(f"email: ada@example.org\nsend: {{{lines}}}", defaults).cadence == weekly


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("sned: {every: day}", 'a.yaml:2: sned: unknown key; did you mean "send"?'),
        ("send: {every: wekday}", "is none of day | weekday | week | month; did you mean"),
        ("send: {every: fri}", 'send.every: "fri" is a day; write [fri]'),
        ("send: {every: []}", "send.every: names no day; write e.g. [mon, thu]"),
        ("send: {every: [mon, thx]}", 'send.every: "thx" is none of mon | tue | wed | thu |'),
        ("send: {every: week}", "send.every: week needs a day; write a line day: mon below it"),
        ("send: {every: month}", "send.every: month needs a day; write a line day: 1 below it"),
        ("send: {every: week, day: 3}", "send.day: every: week needs a day from mon to sun"),
        ("send: {every: month, day: mon}", "send.day: every: month needs a day from 1 to 31"),
        ("send: {every: month, day: 32}", 'send.day: "32" is no day; write mon to sun for a week'),
        ("send: {every: day, day: mon}", "a day is only for every: week and every: month; remove"),
        (
            "send: {at: 24:00}",
            'send.at: "24:00" is no time of day; write "00:00": the day begins with it',
        ),
        ("send: {timezone: paris}", 'is no time zone; did you mean "Europe/Paris"?'),
        ("send: {timezone: Europe/Pariss}", 'is no time zone; did you mean "Europe/Paris"?'),
        ("send: {timezone: ../../etc/passwd}", "is no time zone; write an IANA name"),
        ("send: daily", "send: needs keys of its own; write {every: day}"),
        ("topics: robots", "topics: needs a list; write [robots]"),
        (
            "topics: {a: b}",
            "topics: needs a list, not keys; write each item on a line that begins with",
        ),
        ("topics: [robts]", '"robts" is no topic of the catalogue; did you mean "robots"?'),
        ("topics: [{name: x}]", "topics.1.name: "),
        ("topics: [a, , b]", "a.yaml:2: "),
        (
            "topics: [robots, {name: robots, wieght: 2}]",
            'wieght: unknown key; did you mean "weight"?',
        ),
        (f"{'k' * 70}: 1", "unknown key"),
        ("topics: [robots, Robots]", 'topics.2: there is a topic "Robots" already'),
        ("topics: [{query: x}]", "topics.1.name: is required"),
        (
            "topics: [{name: a, about: x, weight: 0}]",
            'weight: "0" is no weight above 0 and up to 10; remove the topic',
        ),
        ("topics: [{name: a, about: x, weight: 1e1}]", 'weight: "1e1" is no weight above 0'),
        ("mute: ['a AND (']", "mute.1: "),
        ("entries: {at_most: 1_0}", '"1_0" is no whole number from 1 to 50'),
        ("entries: {at_most: 51}", '"51" is no whole number from 1 to 50'),
        ("entries: {order: newer}", 'did you mean "newest"?'),
        ("entries: {revisions: maybe}", '"maybe" is neither true nor false'),
        (
            "pause_until: 2027-02-29",
            '"2027-02-29" is no date; that month has 28 days: write 2027-02-28',
        ),
        ("pause_until: tomorrow", '"tomorrow" is no date'),
        ("name: [a]", "name: needs a text"),
        ("name: ''", "name: is empty"),
        (f"name: {'n' * 101}", "name: is 101 characters long, at most 100 are read"),
        ('name: "a\\nb"', "name: holds a line break; write it on one line: a b"),
        ("name: a\u202eb", "name: holds U+202E, which changes the direction of what follows"),
        (f"mute: [{', '.join(['a'] * 51)}]", "mute: holds 51 items, at most 50 are read"),
    ],
)
def test_a_mistake_is_explained_with_its_line(line: str, complaint: str) -> None:
    told = complaints(line)
    assert len(told) == 1
    assert complaint in told[0]
    assert told[0].startswith("a.yaml:2: ")


def test_an_empty_line_of_a_list_is_a_mistake() -> None:
    assert complaints("topics:", "  - robots", "  -") == [
        "a.yaml:4: topics.2: is empty; write a topic or remove the line"
    ]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    told = complaints("format: pdf", "sned: 1", "send: {at: noon}", "entries: {at_most: 0}")
    assert [line.partition(" ")[0] for line in told] == [f"a.yaml:{n}:" for n in (2, 3, 4, 5)]


def test_a_query_error_points_at_the_character() -> None:
    (problem,) = read("email: ada@example.org\nmute: ['robot AND colour:red']").problems
    assert (problem.line, problem.column) == (2, 9 + "robot AND colour:red".index("colour"))


def test_fifty_problems_are_enough() -> None:
    assert len(complaints(*(f"key{number}: 1" for number in range(200)))) == 50


def test_a_broken_neighbour_does_not_disturb_and_keeps_its_real_line() -> None:
    text = """--- # one
email: ada@example.org
---
email: ken@example.net
nmae: Ken
---
email: eve@example.com
send: [
---

email: Grace@example.com
"""
    reading = read(text)
    places = {str(one.preferences.email): one.place for one in reading.documents}
    assert places == {"ada@example.org": "a.yaml:2", "Grace@example.com": "a.yaml:11"}
    assert [problem.line for problem in reading.problems] == [5, 8]
    assert reading.broken == {
        address_key(EmailAddress(text)) for text in ("ken@example.net", "eve@example.com")
    }


def test_a_document_keeps_its_own_text_alone() -> None:
    reading = read("# mine\r\nemail: ada@example.org\r\n---\r\nemail: ken@example.net\r\n")
    assert [document.text for document in reading.documents] == [
        "# mine\r\nemail: ada@example.org\r\n",
        "email: ken@example.net\r\n",
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing yet\n", "---\n---\n# x\n"])
def test_a_part_without_content_is_no_document(text: str) -> None:
    assert read(text) == PreferencesReading(())


@pytest.mark.parametrize("text", ["name: Ada", "email:", "[a, b]", "hello", "email: [x]"])
def test_a_document_without_an_address_is_a_problem_of_nobody(text: str) -> None:
    reading = read(text)
    assert len(reading.problems) == 1
    assert reading.broken == frozenset()


def test_two_documents_of_one_person_are_refused_and_both_places_named() -> None:
    reading = read("email: ada@example.org\n---\nemail: ADA@example.org\n---\nemail: k@example.net")
    assert [document.preferences.email for document in reading.documents] == ["k@example.net"]
    assert [str(problem) for problem in reading.problems] == [
        "a.yaml:3: email: ADA@example.org has another document at a.yaml:1; keep one of the two"
    ]
    assert reading.broken == {address_key(ADA)}


def test_the_example_of_the_documentation_is_read() -> None:
    page = Path(__file__).parents[2] / "docs" / "preferences.md"
    example = page.read_text(encoding="utf-8").split("```yaml\n")[1].partition("```")[0]
    catalogue = {
        name: CatalogueTopic(Topic(name, name.title(), "x")) for name in ("reinforcement-learning",)
    }
    base = Preferences(email=UNNAMED)
    reading = parse_documents(example, "example", catalogue=catalogue, defaults=base)
    assert reading.problems == ()
    assert len(reading.documents) == 1
