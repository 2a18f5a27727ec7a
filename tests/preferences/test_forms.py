"""A form beside a document: what nobody changed stays as it is, to the byte."""

from collections.abc import Mapping

import pytest

from newsletter.model import AddressKey, Preferences
from newsletter.preferences import read_changed
from newsletter.preferences.forms.fields import read_fields
from newsletter.preferences.forms.form import Form
from newsletter.preferences.forms.line_ends import with_line_ends_of
from newsletter.preferences.forms.places import by_field
from newsletter.preferences.forms.reading import FormReader
from newsletter.preferences.forms.syncing import Side, Synced, bring_together
from tests.preferences.form_fields import AROUND, DOCUMENT, WEEKLY, sent

READER = FormReader(AROUND)
ADA = AddressKey("ada@example.org")


def form_of(text: str, reader: FormReader = READER) -> Form:
    form = reader.read(text)
    assert form is not None
    return form


def with_fields(
    text: str, fields: Mapping[str, str | None], yaml: str | None = None, **how: Side
) -> Synced:
    """Return what comes of some fields changed by hand (None: not sent), and the text too."""
    form = form_of(text)
    changed = {**sent(form), **fields}
    posted = {name: value for name, value in changed.items() if value is not None}
    return bring_together(
        text, text if yaml is None else yaml, read_fields(posted, form), READER, **how
    )


def lines_changed(text: str, new: str) -> tuple[set[str], set[str]]:
    old, now = text.splitlines(), new.splitlines()
    return set(old) - set(now), set(now) - set(old)


def test_a_form_that_nobody_touched_leaves_every_byte() -> None:
    synced = with_fields(DOCUMENT, {})
    assert synced.text == DOCUMENT
    assert synced.is_settled


def test_the_form_shows_what_the_document_says_and_the_defaults_of_the_rest() -> None:
    form = form_of(DOCUMENT)
    assert form.rhythm.days == ("mon", "thu")
    assert form.words["send.at"] == "07:30"
    assert form.words["entries.order"] == "relevance"
    assert form.topics.chosen == {"reinforcement-learning": "1", "vision": "0.5"}
    assert [row.name for row in form.topics.own] == ["guardrails", "climate policy"]
    assert form.topics.own[1].about == "machine learning that helps governments to plan"
    assert form.lists["mute"] == ("title:survey", "benchmark AND leaderboard")
    assert form.switches == {"entries.revisions": False, "entries.learn": True}
    weekly = form_of("email: a@example.org\n", FormReader(WEEKLY))
    assert (weekly.rhythm.every, weekly.rhythm.weekday) == ("week", "fri")
    assert weekly.topics.chosen == {"vision": "1"}
    assert weekly.lists["mute"] == ("title:survey",)


@pytest.mark.parametrize(
    ("fields", "gone", "new"),
    [
        (
            {"send.at": "18:00"},
            '  at: "7:30"             # before',
            '  at: "18:00"             # bef',
        ),
        ({"send.days.thu": None}, "  every: [mon, thu]", "  every: [mon]"),
        ({"send.every": "weekday"}, "  every: [mon, thu]", "  every: weekday"),
        ({"entries.at_most": "5"}, "entries: {at_most: 12,", "entries: {at_most: 5, learn: yes}"),
        ({"entries.learn": None}, "entries: {at_most: 12,", "entries: {at_most: 12, learn: false}"),
        ({"pause_until": "2027-01-04"}, "pause_until:", "pause_until: 2027-01-04"),
        ({"own.0.weight": "3"}, "    weight: 2", "    weight: 3"),
        (
            {"weight.vision": "2"},
            "  - {name: vision, weight: 0.5}",
            "  - {name: vision, weight: 2}",
        ),
        ({"strictness": "strict"}, "", "strictness: strict"),
        ({"send.timezone": "UTC"}, "  timezone: Europe/Paris", "  timezone: UTC"),
        ({"name": "Ada"}, "", "name: Ada"),
        ({"topic.robotics": "1"}, "", "  - robotics"),
        ({"follow.authors": "Jane Q. Researcher\r\n"}, "", "  authors: [Jane Q. Researcher]"),
    ],
)
def test_a_change_of_one_field_changes_its_lines_alone(
    fields: dict[str, str | None], gone: str, new: str
) -> None:
    text = with_fields(DOCUMENT, fields).text
    removed, added = lines_changed(DOCUMENT, text)
    assert len(removed) == bool(gone)
    assert all(line.startswith(gone) for line in removed)
    assert any(line.startswith(new) for line in added)
    assert len(added) <= 2
    assert isinstance(read_changed(AROUND, ADA, text), Preferences)
    undone = dict.fromkeys(fields) | sent(form_of(DOCUMENT))
    assert form_of(with_fields(text, undone).text) == form_of(DOCUMENT)


def test_a_rhythm_brings_its_day_and_takes_it_along() -> None:
    weekly = with_fields(DOCUMENT, {"send.every": "week", "send.weekday": "fri"}).text
    assert "  every: week\n  day: fri\n" in weekly
    monthly = with_fields(weekly, {"send.every": "month", "send.date": "31"}).text
    assert "  every: month\n  day: 31\n" in monthly
    daily = with_fields(monthly, {"send.every": "day"}).text
    assert "  every: day\n  timezone" in daily


def test_a_topic_can_be_taken_away_and_one_of_ones_own_added() -> None:
    gone = {f"own.0.{key}": "" for key in ("name", "query", "about", "weight")}
    added = {"own.7.name": "Zebra fish", "own.7.about": "how fish\r\nsee", "own.7.place": ""}
    text = with_fields(DOCUMENT, {**gone, **added, "topic.vision": None}).text
    assert "guardrails" not in text
    assert "vision" not in text
    assert "  - {name: Zebra fish, about: how fish see}\n" in text
    assert "# by its title" in text
    assert "      governments to plan\n" in text


def test_an_unticked_default_topic_leaves_the_others_written() -> None:
    reader = FormReader(WEEKLY)
    text = "email: a@example.org\n"
    form = form_of(text, reader)
    fields = {**sent(form), "topic.robotics": "1"}
    synced = bring_together(text, text, read_fields(fields, form), reader)
    assert synced.text == "email: a@example.org\ntopics:\n  - vision\n  - robotics\n"


def test_a_change_of_the_yaml_comes_into_the_form() -> None:
    yaml = DOCUMENT.replace("at_most: 12", "at_most: 7")
    synced = with_fields(DOCUMENT, {}, yaml)
    assert (synced.text, synced.agreed) == (yaml, yaml)
    assert synced.form.words["entries.at_most"] == "7"


def test_what_both_changed_in_different_places_is_kept_of_both() -> None:
    yaml = DOCUMENT.replace("at_most: 12", "at_most: 7").replace("# dull", "# very dull")
    synced = with_fields(DOCUMENT, {"send.at": "18:00", "own.0.weight": "3"}, yaml)
    assert synced.is_settled
    assert synced.text == yaml.replace('"7:30"', '"18:00"').replace("weight: 2", "weight: 3")
    assert synced.form.words["entries.at_most"] == "7"


def test_what_both_changed_to_something_else_is_asked() -> None:
    yaml = DOCUMENT.replace("at_most: 12", "at_most: 7")
    fields = {"entries.at_most": "5", "send.at": "18:00"}
    synced = with_fields(DOCUMENT, fields, yaml)
    assert synced.asks == ("entries.at_most",)
    assert (synced.text, synced.agreed) == (yaml, DOCUMENT)
    assert synced.form.words["entries.at_most"] == "5"
    by_form = with_fields(DOCUMENT, fields, yaml, prefer=Side.FORM)
    assert by_form.text == DOCUMENT.replace("at_most: 12", "at_most: 5").replace("7:30", "18:00")
    by_yaml = with_fields(DOCUMENT, fields, yaml, prefer=Side.YAML)
    assert by_yaml.text == yaml.replace("7:30", "18:00")
    assert with_fields(DOCUMENT, {"entries.at_most": "7"}, yaml).is_settled


def test_topics_changed_on_both_sides_keep_the_places_of_the_yaml() -> None:
    yaml = DOCUMENT.replace("  - Reinforcement Learning     # by its title\n", "")
    synced = with_fields(DOCUMENT, {"own.0.weight": "9"}, yaml)
    assert synced.asks == ("topics",)
    taken = with_fields(DOCUMENT, {"own.0.weight": "9"}, yaml, prefer=Side.FORM).text
    assert "    weight: 9\n    query: '\"safety" in taken
    assert taken.count("climate policy") == 1


def test_a_yaml_that_cannot_be_read_keeps_both_sides_as_they_are() -> None:
    broken = DOCUMENT.replace("email:", "email: [")
    alone = with_fields(DOCUMENT, {}, broken)
    assert alone.is_settled
    assert (alone.text, alone.agreed) == (broken, DOCUMENT)
    both = with_fields(DOCUMENT, {"send.at": "18:00"}, broken)
    assert both.trouble
    assert (both.text, both.form.words["send.at"]) == (broken, "18:00")
    mended = with_fields(DOCUMENT, {"send.at": "18:00"}, broken, prefer=Side.FORM)
    assert mended.text == DOCUMENT.replace("7:30", "18:00")
    assert with_fields(DOCUMENT, {"send.at": "18:00"}, broken, prefer=Side.YAML).text == broken


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("entries: {at_most: 5x}", "entries.at_most"),
        ("send: {every: fri}", "send.every"),
        ("send: {every: week, day: 3}", "send.every"),
        ("send: {every: [mon, foo]}", "send.every"),
        ("send: {at: 25:00}", "send.at"),
        ("topics: [robotcs, {name: x, query: '(a'}]", "own.1.query"),
        ("topics: [robotcs]", "own.0.name"),
        ("topics: [[a]]", "topics"),
        ("mute: [fine, '(a']", "mute"),
        ("follow: {authors: Jane}", "follow.authors"),
        ("pause_until: tomorrow", "pause_until"),
        ("colour: red", ""),
    ],
)
def test_a_problem_is_told_at_its_field(line: str, name: str) -> None:
    text = f"email: ada@example.org\n{line}\n"
    problems = read_changed(AROUND, ADA, text)
    assert not isinstance(problems, Preferences)
    form = form_of(text)
    assert name in by_field(problems, form)
    assert with_fields(text, {}).text == text


def test_what_no_field_shows_stays_until_its_field_is_changed() -> None:
    text = "email: ada@example.org\ntopics:\n  - [a, b]\n  - {name: x, colour: red, query: y}\n"
    new = with_fields(text, {"own.0.query": "z", "topic.vision": "1"}).text
    assert new == text.replace("query: y", "query: z") + "  - vision\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_come_back_as_they_were(end: str) -> None:
    original = DOCUMENT.replace("\n", end)
    seen = DOCUMENT.replace("\n", "\r\n")
    assert with_line_ends_of(seen, original) == original
    changed = seen.replace("12", "7").replace("# mine:\r\n", "")
    wanted = DOCUMENT.replace("12", "7").replace("# mine:\n", "").replace("\n", end)
    assert with_line_ends_of(changed, original) == wanted


@pytest.mark.parametrize(
    ("text", "original", "wanted"),
    [
        ("", "", ""),
        ("a\r\nb", "a\rb", "a\rb"),
        ("a\r\nb\r\n", "a\nb", "a\nb\n"),
        ("a\r\nb", "a\nb\n", "a\nb"),
        ("a\r\nx\r\nc\r\nd\r\n", "a\r\nb\nc\rd\n", "a\r\nx\nc\rd\n"),
        ("", "a\n", ""),
        ("x", "", "x"),
        ("a\r\na\r\na\r\n", "a\na\n", "a\na\na\n"),
    ],
)
def test_mixed_line_ends_stay_above_and_below_a_change(
    text: str, original: str, wanted: str
) -> None:
    assert with_line_ends_of(text, original) == wanted
