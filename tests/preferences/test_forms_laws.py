"""Whatever stands in a document and whatever a browser sends: nothing breaks, and nothing is lost."""

from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from newsletter.errors import PreferencesError
from newsletter.preferences import read_value, show
from newsletter.preferences.documents import read_text
from newsletter.preferences.forms.fields import read_fields
from newsletter.preferences.forms.form import FACETS, changed_facets
from newsletter.preferences.forms.line_ends import with_line_ends_of
from newsletter.preferences.forms.places import by_field
from newsletter.preferences.forms.reading import FormReader
from newsletter.preferences.forms.syncing import Side, bring_together
from newsletter.preferences.forms.writing import write_form
from tests.preferences.form_fields import AROUND, DOCUMENT, WEEKLY, sent
from tests.preferences.yaml_styles import styled

quick = settings(deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))
READERS = (FormReader(AROUND), FormReader(WEEKLY))
LINES = (
    *("name: Ada", "name: [a]", "name:", "send: daily", "send: {every: week, day: fri}"),
    *("send:\n  every: month\n  day: 31 # last", "send: {every: [mon, monday, mon]}", "topics: []"),
    *(
        "topics:\n- vision\n- Computer Vision",
        "topics: robotics",
        "topics: [x, {name: y, weight: 2}]",
    ),
    *("topics:\n  - name: 'a: b'\n    query: >-\n      one\n      two\n    # why\n  - robotics",),
    *("topics: [{about: no name}, [1], {vision: 2}, {name: vision, query: z}]", "mute: one"),
    *("mute:\n  - |\n    title:x\n    AND y\n  - ''", 'mute: ["\\a", "a\\tb", "é"]', "entries: 12"),
    *("entries:\n  learn: no\n  at_most: [1]", "entries:", "follow: {authors: [A, {b: c}, A]}"),
    *("follow:\n    organizations:\n    - ' x '", "strictness: NORMAL", "pause_until: 2027-1-4"),
    *("format: html # plain", "when_empty:", "colour: red", "# only a comment"),
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    lines = draw(st.lists(st.sampled_from(LINES), max_size=6, unique_by=lambda one: one[:4]))
    text = "".join(f"{line}\n" for line in ["email: ada@example.org", *lines])
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    return draw(st.sampled_from(["", "\ufeff", "# mine\n"])) + text.replace("\n", end)


ANY = documents() | styled().map(lambda one: one[0]) | st.text(max_size=60) | st.just(DOCUMENT)
VALUES = st.text(max_size=30) | st.sampled_from(
    [
        "",
        "5",
        "0",
        "week",
        "month",
        "days",
        "day",
        "18:00",
        "[a",
        "'",
        "a: b",
        "- x",
        "#",
        "\x07",
        "a\r\nb",
    ]
)
NAMES = st.sampled_from(
    [
        *FACETS,
        *("form", "send.weekday", "send.date", "send.days.mon", "send.days.sun"),
        *("topic.vision", "topic.robotics", "topic.nonsense", "weight.vision", "topic."),
        *(
            f"own.{n}.{key}"
            for n in (0, 1, 7)
            for key in ("name", "query", "about", "weight", "place")
        ),
    ]
)


@quick
@given(ANY, st.sampled_from(READERS))
def test_a_form_that_nobody_touched_changes_nothing(text: str, reader: FormReader) -> None:
    form = reader.read(text)
    if form is None:
        return
    again = read_fields(sent(form), form)
    assert changed_facets(form, again) == ()
    assert write_form(text, form, again, reader) == text
    assert bring_together(text, text, again, reader).text == text


@quick
@given(ANY, ANY, st.dictionaries(NAMES, VALUES, max_size=6), st.sampled_from(READERS), st.data())
def test_whatever_is_sent_both_sides_agree_or_both_are_kept(
    agreed: str, text: str, fields: dict[str, str], reader: FormReader, data: st.DataObject
) -> None:
    before = reader.read(agreed)
    if before is None:
        return
    form = read_fields({**sent(before), **fields}, before)
    prefer = data.draw(st.sampled_from([None, *Side]))
    synced = bring_together(agreed, text, form, reader, prefer=prefer)
    if synced.is_settled and synced.text == synced.agreed:
        assert reader.read(synced.text) == synced.form
    else:
        assert synced.text == text or prefer is Side.FORM
        assert synced.agreed == agreed
    problems = read_text(synced.text, "yours", AROUND).problems
    assert sum(map(len, by_field(problems, synced.form).values())) == len(problems)


@quick
@given(documents(), st.dictionaries(NAMES, VALUES, max_size=4), st.sampled_from(READERS))
def test_what_a_form_says_is_what_the_document_says_then(
    text: str, fields: dict[str, str], reader: FormReader
) -> None:
    before = reader.read(text)
    if before is None:
        return
    wanted = read_fields({**sent(before), **fields}, before)
    try:
        new = write_form(text, before, wanted, reader)
    except PreferencesError:
        return
    untouched = [key for key in FACETS if key not in changed_facets(before, wanted)]
    found = reader.read(new)
    assert found is not None
    assert [key for key in untouched if found.facet(key) != before.facet(key)] == []


@quick
@given(st.sampled_from(FACETS), documents())
def test_a_document_made_anew_has_the_same_form(key: str, text: str) -> None:
    reading = read_text(text, "yours", AROUND)
    if not reading.documents:
        return
    reader = READERS[0]
    form, anew = reader.read(text), reader.read(show(reading.documents[0].preferences))
    assert form is not None
    assert anew is not None
    assert _typed(form.facet(key)) == _typed(anew.facet(key))


def as_browsers_show(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _typed(value: object) -> object:
    return sorted(value) if isinstance(value, tuple) else value


@quick
@given(ANY | st.text("a\r\n", max_size=12), ANY | st.text("a\r\n", max_size=12))
def test_line_ends_cost_no_byte(original: str, text: str) -> None:
    seen = as_browsers_show(original).replace("\n", "\r\n")
    assert with_line_ends_of(seen, original) == original
    sent_text = as_browsers_show(text)
    carried = with_line_ends_of(sent_text.replace("\n", "\r\n"), original)
    assert as_browsers_show(carried) == sent_text or "\r" in original
    assert carried.replace("\r", "").replace("\n", "") == sent_text.replace("\n", "")


@quick
@given(documents())
def test_a_field_and_back_is_the_document_as_read(text: str) -> None:
    reader = READERS[0]
    before = reader.read(text)
    assert before is not None
    assume(before.words["entries.at_most"])  # else there is what no field can show
    words = {**before.words, "entries.at_most": "33"}
    new = write_form(text, before, replace(before, words=words), reader)
    found = reader.read(new)
    assert found == replace(before, words=words)
    assert found is not None
    back = write_form(new, found, before, reader)
    assert reader.read(back) == before
    assert read_value(back.removeprefix("\ufeff")) is not None
