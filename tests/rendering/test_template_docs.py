"""docs/templates.md says what templates are given, and its examples work."""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Final, get_args, get_origin

import pytest
from jinja2.sandbox import SandboxedEnvironment

from newsletter.errors import RenderingError
from newsletter.model import Letter, LetterEntry
from newsletter.rendering import EDITION_HTML, EDITION_TEXT, make_renderer
from newsletter.rendering.bounds import LARGEST_NUMBER, LARGEST_RENDERED, LARGEST_VALUE
from newsletter.rendering.environments import new_environment
from newsletter.rendering.templates import LARGEST_TEMPLATE_BYTES
from newsletter.rendering.views import EntryView, LetterView, LinkView, view_letter

ROOT: Final = Path(__file__).parents[2]
TEXT: Final = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
ROWS: Final = re.findall(r"^\| `(letter|entry|link)\.(\w+)` \| ([^|]+?) \|", TEXT, re.MULTILINE)
SHELL: Final = (
    "<mjml><mj-body><mj-section><mj-column><mj-text>{}"
    "</mj-text></mj-column></mj-section></mj-body></mjml>"
)
VIEWS: Final = {"letter": LetterView, "entry": EntryView, "link": LinkView}
NAMES: Final = {str: "text", int: "number", EntryView: "entries", LinkView: "links"}


def shown_type(kind: object) -> str:
    if get_origin(kind) is tuple:
        member = get_args(kind)[0]
        return f"list of {'texts' if member is str else NAMES[member]}"
    assert isinstance(kind, type)
    return NAMES[kind]


@pytest.mark.parametrize("name", VIEWS)
def test_every_variable_is_documented_with_its_type_and_no_other(name: str) -> None:
    documented = {field: kind for view, field, kind in ROWS if view == name}
    assert documented == {field.name: shown_type(field.type) for field in fields(VIEWS[name])}


def test_every_documented_variable_is_given_to_a_template(
    make_letter: Callable[..., Letter], make_entry: Callable[..., LetterEntry]
) -> None:
    view = view_letter(make_letter(make_entry(), also=(make_entry(),)))
    given = {"letter": view, "entry": view.entries[0], "link": view.entries[0].links[0]}
    for name, field, _ in ROWS:
        assert getattr(given[name], field) is not None, f"{name}.{field}"


def test_every_file_is_documented(templates: dict[str, str]) -> None:
    documented = re.findall(r"^\| `([\w/]+\.(?:mjml|txt)\.j2)` \|", TEXT, re.MULTILINE)
    assert sorted(documented) == sorted(templates)


def test_every_filter_and_function_of_our_own_is_documented() -> None:
    environment, plain = new_environment(is_html=False), SandboxedEnvironment()
    ours = environment.filters.keys() - plain.filters.keys()
    assert ours == set(re.findall(r"\\\| (wrap|direction|side)\b", TEXT))
    assert environment.globals.keys() - plain.globals.keys() == {"rule"}
    assert "`{{ rule() }}`" in TEXT


def test_the_bounds_are_those_of_the_sandbox() -> None:
    for bound in (LARGEST_VALUE, LARGEST_NUMBER, LARGEST_RENDERED, LARGEST_TEMPLATE_BYTES):
        assert f"{bound:,}" in TEXT


def test_what_the_table_of_filters_writes_works(
    make_letter: Callable[..., Letter], make_entry: Callable[..., LetterEntry]
) -> None:
    written = re.findall(r"`(\{\{ [^`]*(?:\\\||rule)[^`]* \}\})`", TEXT.partition("## What a t")[2])
    body = "".join(one.replace("\\|", "|") for one in written if "wrap" in one or "rule" in one)
    assert body.count("wrap") >= 4
    templates = {
        EDITION_HTML: SHELL.format("x"),
        EDITION_TEXT: f"{{% for entry in letter.entries %}}{body}{{% endfor %}}",
    }
    assert make_renderer(templates).render(make_letter(make_entry())).text


def test_the_accent_colour_is_changed_as_the_example_says(
    templates: dict[str, str],
    make_letter: Callable[..., Letter],
    make_entry: Callable[..., LetterEntry],
) -> None:
    changes = re.findall(r"s/(#\w{6})/(#\w{6})/g", TEXT)
    assert len(changes) == 2
    letter = make_letter(make_entry(), also=(make_entry(),))
    changed = dict(templates)
    for old, new in changes:
        assert TEXT.count(f"`{old}`") == 1
        assert old in (make_renderer(templates).render(letter).html or "")
        changed = {name: text.replace(old, new) for name, text in changed.items()}
    html = make_renderer(changed).render(letter).html or ""
    for old, new in changes:
        assert old not in html
        assert new in html


def test_a_line_is_added_to_the_foot_as_the_example_says(
    templates: dict[str, str],
    make_letter: Callable[..., Letter],
    make_entry: Callable[..., LetterEntry],
) -> None:
    in_html, in_text = re.findall(r"```jinja\n(.*?)```", TEXT, re.DOTALL)
    changed = dict(templates)
    for name, line in (("partials/foot.mjml.j2", in_html), (EDITION_TEXT, in_text)):
        lines = templates[name].splitlines(keepends=True)
        place = next(n for n, one in enumerate(lines) if "letter.postal_address" in one)
        changed[name] = "".join([*lines[:place], line, *lines[place:]])
    email = make_renderer(changed).render(make_letter(make_entry()))
    for part in (email.html or "", email.text):
        said = part.index("No sponsor pays for this letter.")
        assert part.index("1 Quay") > said
    assert "letter.\n\nThe Shore Letter, 1 Quay" in email.text


ERRORS: Final = re.findall(
    r"^\| `(.*?)` \| `(edition\.(?:txt|mjml)\.j2:.*)` \|$", TEXT, re.MULTILINE
)


@pytest.mark.parametrize(("mistake", "message"), ERRORS)
def test_a_mistake_looks_as_documented(
    mistake: str, message: str, make_letter: Callable[..., Letter]
) -> None:
    body = mistake.replace("\\|", "|")
    templates = {EDITION_HTML: SHELL.format("x"), EDITION_TEXT: "x"}
    in_html = message.startswith(EDITION_HTML)
    templates |= {EDITION_HTML: SHELL.format(body)} if in_html else {EDITION_TEXT: body}
    with pytest.raises(RenderingError) as error:
        make_renderer(templates).render(replace(make_letter(), subject="x"))
    assert str(error.value) == message


def test_every_kind_of_mistake_is_shown() -> None:
    assert len(ERRORS) >= 9
