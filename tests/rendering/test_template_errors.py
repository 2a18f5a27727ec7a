"""A broken template names its file, its line and what is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.errors import RenderingError
from newsletter.model import Letter, LetterEntry
from newsletter.rendering import EDITION_HTML, EDITION_TEXT, make_renderer, read_templates

ROW = "partials/row.mjml.j2"
SHELL = """<mjml>
<mj-body>
<mj-section><mj-column><mj-text>
{% include "partials/row.mjml.j2" %}
</mj-text></mj-column></mj-section>
</mj-body>
</mjml>
"""
WORDS = "Unsubscribe"


def template_set(row: str = WORDS, *, shell: str = SHELL, text: str = WORDS) -> dict[str, str]:
    return {EDITION_HTML: shell, ROW: row, EDITION_TEXT: text}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("one\n{% if letter.note %}\nthree", "Unexpected end of template"),
        ("one\n{{ letter.name }", "partials/row.mjml.j2:2: unexpected '}'"),
        ("one\n{% endfor %}", "partials/row.mjml.j2:2: Encountered unknown tag 'endfor'"),
        ("one\n\n{{ lettre.name }}", 'partials/row.mjml.j2:3: "lettre" is not known'),
        ("one\n{{ letter.name | safe }}", "partials/row.mjml.j2:2: No filter named 'safe'"),
        ("one\n<p>two", r"</mj-text> comes before <p> of partials/row.mjml.j2:2 is closed"),
        ("one\n<mj-txt>two</mj-txt>", "partials/row.mjml.j2:2: there is no MJML tag <mj-txt>"),
        ('one\n<mj-include path="x" />', "partials/row.mjml.j2:2: write {% include"),
        ('\n<img src="https://x.example/1.png" />', "row.mjml.j2:2: <img> would load something"),
        ('<p style="background:url(x)">x</p>', "row.mjml.j2:1: @import or url"),
        ("<mj-style>@import 'x';</mj-style>", "row.mjml.j2:1: @import or url"),
        ("~@1@~", "partials/row.mjml.j2: the text ~@number@~ cannot stand in a template"),
        ('one\n{% include "partials/no.mjml.j2" %}', "row.mjml.j2:2: there is no template"),
        ('\n{% include "partials/row.mjml.j2" %}', "row.mjml.j2:2: templates include each other"),
    ],
)
def test_a_broken_html_template_is_refused_at_once(row: str, message: str) -> None:
    with pytest.raises(RenderingError) as error:
        make_renderer(template_set(row))
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("shell", "message"),
    [
        ("<mjml>\n<mj-body>\n", "edition.mjml.j2:2: <mj-body> is never closed"),
        ("\n</mjml>", "edition.mjml.j2:2: </mjml> closes nothing"),
        ("words alone", "edition.mjml.j2: this is no MJML"),
        ("", "edition.mjml.j2: this is no MJML"),
    ],
)
def test_markup_that_is_no_mjml_is_refused(shell: str, message: str) -> None:
    with pytest.raises(RenderingError) as error:
        make_renderer(template_set(shell=shell))
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("one\n{% if %}", "edition.txt.j2:2: Expected an expression"),
        ("one\n{{ lettre }}", 'edition.txt.j2:2: "lettre" is not known'),
    ],
)
def test_a_broken_text_template_is_refused_at_once(text: str, message: str) -> None:
    with pytest.raises(RenderingError) as error:
        make_renderer(template_set(text=text))
    assert message in str(error.value)


@pytest.mark.parametrize("name", [EDITION_HTML, EDITION_TEXT])
def test_a_missing_template_is_named(name: str) -> None:
    templates = template_set()
    del templates[name]
    with pytest.raises(RenderingError, match=f"there is no template {name}"):
        make_renderer(templates)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("one\n{{ letter.nmae }}", "partials/row.mjml.j2:2: 'newsletter"),
        ("\n<p>\n{% if letter.name\n < 1 %}x{% endif %}</p>", "row.mjml.j2:3: TypeError: '<' not"),
        ("\n\n{{ letter.__class__.__mro__ }}", "partials/row.mjml.j2:3: SecurityError: access to"),
        (
            "\n{{ letter.note or none }}",
            "partials/row.mjml.j2:2: the value is not known here (None)",
        ),
        ('{% include "other.html.j2" %}', "partials/row.mjml.j2:1: TemplateNotFound: other"),
    ],
)
def test_a_template_that_fails_for_a_letter_names_the_line(
    row: str, message: str, make_letter: Callable[..., Letter]
) -> None:
    renderer = make_renderer(template_set(row))
    with pytest.raises(RenderingError) as error:
        renderer.render(make_letter())
    assert message in str(error.value)


def test_a_failing_text_partial_names_its_own_file(make_letter: Callable[..., Letter]) -> None:
    templates = template_set(text='\n{% include "partials/foot.txt.j2" %}')
    templates["partials/foot.txt.j2"] = "\n\n{{ letter.address }}"
    with pytest.raises(RenderingError, match=r"^partials/foot\.txt\.j2:3: "):
        make_renderer(templates).render(make_letter())


def test_signs_comments_and_raw_blocks_work_as_jinja_says(
    make_letter: Callable[..., Letter], make_entry: Callable[..., LetterEntry]
) -> None:
    row = (
        "a {#- said to nobody -#} b{% raw %}{{ kept }}{% endraw %}"
        "{%- for entry in letter.entries if entry.number < 2 %} [{{ entry.title -}} ] {% endfor -%} c"
    )
    html = (
        make_renderer(template_set(row)).render(make_letter(make_entry(), make_entry("No", 2))).html
    )
    assert "ab{{ kept }} [Counting gulls with a small net] c" in (html or "").replace("\n", "")


def test_later_folders_override_earlier_ones(tmp_path: Path) -> None:
    for folder, name, text in [
        ("ours", "edition.txt.j2", "ours"),
        ("ours", "partials/foot.txt.j2", "foot"),
        ("theirs", "edition.txt.j2", "\ufefftheirs"),
        ("theirs", "readme.txt", "not a template"),
    ]:
        file = tmp_path / folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    found = read_templates([tmp_path / "ours", tmp_path / "theirs"])
    assert found == {"edition.txt.j2": "theirs", "partials/foot.txt.j2": "foot"}


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RenderingError, match="nowhere: there is no such templates folder"):
        read_templates([tmp_path / "nowhere"])


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"ab\xff", "byte 2 is not UTF-8"), (b"x" * 200_001, "200,000 bytes at most")],
)
def test_a_file_that_is_no_template_is_named(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "edition.txt.j2").write_bytes(content)
    with pytest.raises(RenderingError, match=f"edition.txt.j2: .*{message}"):
        read_templates([tmp_path])
