"""Answers as mail programs show them, and as they come back in replies."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.errors import RenderingError
from newsletter.model import (
    Answer,
    Button,
    Command,
    CommandName,
    DocumentBlock,
    Listing,
    Paragraph,
    RenderedEmail,
)
from newsletter.rendering import RenderAnswer, make_answer_renderer, make_renderer
from newsletter.rules.answering import PREFERENCES_BEGIN, PREFERENCES_END, show_preferences
from newsletter.rules.commands import read_commands
from newsletter.rules.composing import tidy
from newsletter.rules.replies import Found, find_block
from newsletter.testing.plans import LETTERHEAD
from tests.rendering.wire import Skeleton
from tests.rules.answer_samples import DOCUMENT, OFFICE, PRESENT, all_answers, mail, texts_of

ANSWERS = all_answers()
PIECES = st.sampled_from(
    ["<b>", "</td>", '"', "'", "&", "&amp;", "{{x}}", "{% if %}", "{#", "#}", "~@1@~", "]]>", "-->"]
)
HOSTILE = st.lists(PIECES | st.text(max_size=6), max_size=6).map(lambda parts: "q" + "".join(parts))
LINE = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S")) | st.just(" "), max_size=90
)


@pytest.fixture(scope="module")
def render(templates: dict[str, str]) -> RenderAnswer:
    return make_answer_renderer(templates)


def rendered(render: RenderAnswer, answer: Answer) -> RenderedEmail:
    return render(answer, LETTERHEAD)


def block_of(text: str) -> list[str]:
    """Return the lines between the marker lines, which stand alone on theirs."""
    lines = text.split("\n")
    assert lines.count(PREFERENCES_BEGIN) == lines.count(PREFERENCES_END) == 1
    return lines[lines.index(PREFERENCES_BEGIN) + 1 : lines.index(PREFERENCES_END)]


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", ANSWERS)
def test_both_parts_say_all_that_an_answer_says(name: str, render: RenderAnswer) -> None:
    email = rendered(render, ANSWERS[name])
    page = Skeleton(email.html or "")
    for text in texts_of(ANSWERS[name]):
        assert flat(text) in flat(page.text)
        if text != ANSWERS[name].subject:
            assert flat(text) in flat(re.sub(r"\n *-? *", " ", email.text))
    assert [link for link in page.links if link not in email.text] == []
    for part in (page.text, email.text):
        assert LETTERHEAD.postal_address in part


@pytest.mark.parametrize("name", ANSWERS)
def test_nothing_is_loaded_and_nothing_of_the_templates_is_left(
    name: str, render: RenderAnswer
) -> None:
    email = rendered(render, ANSWERS[name])
    html = email.html or ""
    assert '<html lang="en"' in html
    assert not re.search(r"<(?:img|link|script|form|iframe|svg)\b|\bsrc=|@import|url\(", html)
    for part in (html, email.text):
        assert not re.search(r"\{[{%#]|[}%#]\}|<mj-|~@|Undefined|\bNone\b", part)


@pytest.mark.parametrize("name", ANSWERS)
def test_lines_of_the_text_fit_a_page_but_those_of_a_document(
    name: str, render: RenderAnswer
) -> None:
    text = rendered(render, ANSWERS[name]).text
    if PREFERENCES_BEGIN in text:
        text = text.partition(PREFERENCES_BEGIN)[0] + "x" + text.partition(PREFERENCES_END)[2]
    long = [line for line in text.split("\n") if len(line) > 72]
    assert [line for line in long if "://" not in line] == []
    assert "\n\n\n" not in text
    assert not re.search(r"[ \t]$", text, re.MULTILINE)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_that_comes_back_without_marks_gives_no_command(
    name: str, render: RenderAnswer
) -> None:
    email = rendered(render, ANSWERS[name])
    # Below a line across the page nothing is read: without it, every line is.
    text = re.sub(r"(?m)^[=-]{72}$", "", email.text)
    for reply in (mail(f"Thanks\n\n{text}"), mail(html=f"<p>Thanks</p>{email.html}")):
        found = [one for one in read_commands(reply) if isinstance(one, Command)]
        assert {one.name for one in found} <= {CommandName.SET}


@given(lines=st.lists(LINE.map(str.rstrip), min_size=1, max_size=12))
@settings(max_examples=80, deadline=None)
def test_a_document_comes_through_the_text_byte_for_byte(
    lines: list[str], templates: dict[str, str]
) -> None:
    render = make_once(templates)
    document = "\n".join(lines) + "\n"
    answer = Answer("s", "h", (Paragraph("p"), DocumentBlock(document), Paragraph("p")), "r.")
    assert "\n".join(block_of(render(answer, LETTERHEAD).text)) + "\n" == document


MADE: dict[int, RenderAnswer] = {}


def make_once(templates: dict[str, str]) -> RenderAnswer:
    """Return the renderer of these templates, made once for all examples of a property."""
    if id(templates) not in MADE:
        MADE[id(templates)] = make_answer_renderer(templates)
    return MADE[id(templates)]


class Lines(HTMLParser):
    """The lines of a page as mail programs make text of it; a break alone in a block adds none."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.text += "\n" if tag in {"div", "p", "h1", "h2"} else ""

    def handle_data(self, data: str) -> None:
        self.text += data.replace("\n", " ")


def test_a_document_comes_through_the_html_line_by_line(render: RenderAnswer) -> None:
    document = "a:\n  - 'b  c'   d\n\n    e: <f> & \"g\"\n# h\n"
    html = rendered(render, Answer("s", "h", (DocumentBlock(document),), "r.")).html or ""
    shown = unescape(Lines(html).text).replace("\u00a0", " ")
    lines = [line.rstrip() for line in shown.split("\n")]
    start = lines.index(PREFERENCES_BEGIN)
    end = lines.index(PREFERENCES_END)
    assert "\n".join(lines[start + 1 : end]) + "\n" == document


def changed(text: str) -> str:
    return text.replace("at: '07:30'", "at: '09:15'")


def test_a_reader_edits_the_text_or_the_page_and_it_is_read(render: RenderAnswer) -> None:
    email = rendered(render, show_preferences(OFFICE, PRESENT))
    quoted = "\n".join(f"> {line}".rstrip() for line in email.text.split("\n"))
    wanted = changed(DOCUMENT)
    for reply in (
        mail(changed(email.text)),
        mail(changed(quoted)),
        mail(html=changed(unescape(email.html or ""))),
    ):
        found = find_block(reply, DOCUMENT)
        assert isinstance(found, Found), found
        assert found.text.strip() == wanted.strip()


@pytest.mark.parametrize(
    ("document", "kept"),
    [
        ("a: 1  \nb: 2\t\n", ["a: 1", "b: 2"]),
        ("a: 1\r\nb: 2\r\n", ["a: 1", "b: 2"]),
        ("# begin preferences\na: 1\n  # END PREFERENCES x\n", ["a: 1"]),
        ("name: End Preferences\n", ["name: End Preferences"]),
        ("a: \u202e\x1b1\ud800\u2028\n", ["a: 1"]),
        ("", [""]),
    ],
)
def test_what_would_not_survive_a_mail_is_left_out(
    document: str, kept: list[str], render: RenderAnswer
) -> None:
    email = rendered(render, Answer("s", "h", (DocumentBlock(document),), "r."))
    assert block_of(email.text) == kept


def hostile_answer(text: str) -> Answer:
    return Answer(
        subject=text,
        headline=text,
        blocks=(
            Paragraph(text),
            Listing(((text, text), (text, "")), text),
            DocumentBlock(text),
            Button(text, "https://a.example/?a=1&b=2"),
        ),
        reason=text,
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=HOSTILE)
def test_hostile_text_shows_as_it_is_and_adds_no_tag(text: str, templates: dict[str, str]) -> None:
    render = make_once(templates)
    line = text.splitlines()[0]
    harmless, hostile = (render(hostile_answer(one), LETTERHEAD) for one in ("q", line))
    page = Skeleton(hostile.html or "")
    assert page.shape == Skeleton(harmless.html or "").shape
    assert flat(tidy(line)) in flat(page.text)
    assert flat(tidy(line)) in flat(hostile.text)


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "http://plain.example/", "https://a.example/ b", "", "mailto:a b",
     "https://a.example/" + "x" * 999],
)  # fmt: skip
def test_a_button_that_leads_nowhere_is_refused(href: str, render: RenderAnswer) -> None:
    with pytest.raises(RenderingError, match="button"):
        rendered(render, Answer("s", "h", (Button("Go", href),), "r."))


def test_a_button_may_write_a_mail(render: RenderAnswer) -> None:
    href = "mailto:confirm+abc@news.example.org?subject=confirm"
    email = rendered(render, Answer("s", "h", (Button("Go", href),), "r."))
    assert f'href="{href}"' in (email.html or "")
    assert f"Go:\n    {href}\n" in email.text


def test_an_answer_too_large_for_html_is_text_alone(render: RenderAnswer) -> None:
    rows = tuple((f"row {number}", "x" * 90) for number in range(1_000))
    email = rendered(render, Answer("s", "h", (Listing(rows),), "r."))
    assert email.html is None
    assert "row 999" in email.text


def test_the_list_of_mails_shows_how_an_answer_begins(render: RenderAnswer) -> None:
    html = rendered(
        render, Answer("s", "h", (Listing((("a", ""),)), Paragraph("first " * 99)), "r.")
    )
    assert "first first" in (html.html or "").partition("<h1")[0]


@pytest.mark.parametrize("missing", ["answer.mjml.j2", "answer.txt.j2"])
def test_a_missing_template_is_named(missing: str, templates: dict[str, str]) -> None:
    left = {name: text for name, text in templates.items() if name != missing}
    with pytest.raises(RenderingError, match=f"there is no template {missing}"):
        make_answer_renderer(left)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("answer.txt.j2", "one\n{{ letter.name }}", 'answer.txt.j2:2: "letter" is not known; a template'),
        ("partials/block.mjml.j2", "\n{{ bock.kind }}", 'partials/block.mjml.j2:2: "bock" is not known'),
    ],
)  # fmt: skip
def test_a_broken_template_is_refused_with_its_line(
    name: str, text: str, message: str, templates: dict[str, str]
) -> None:
    with pytest.raises(RenderingError) as error:
        make_answer_renderer({**templates, name: text})
    assert message in str(error.value)
    assert name.endswith("mjml.j2") or str(error.value).endswith('is given "answer"')


def test_a_template_of_the_operator_takes_the_place(templates: dict[str, str]) -> None:
    own = {**templates, "answer.txt.j2": "{{ answer.headline }}: {{ answer.blocks | length }}"}
    email = make_answer_renderer(own)(Answer("s", "Hello", (Paragraph("p"),), "r."), LETTERHEAD)
    assert email.text == "Hello: 1"


def test_one_kind_of_letter_is_rendered_though_another_is_broken(templates: dict[str, str]) -> None:
    broken = {**templates, "answer.txt.j2": "{% if %}", "answer.mjml.j2": "<mjml>"}
    make_renderer(broken)
    with pytest.raises(RenderingError, match=r"answer\.mjml\.j2:1"):
        make_answer_renderer(broken)
    make_answer_renderer({**templates, "edition.txt.j2": "{% if %}"})
