"""A template that asks for too much is refused with file and line, before the machine feels it."""

from collections.abc import Callable

import pytest

from newsletter.errors import RenderingError
from newsletter.model import Letter, LetterEntry
from newsletter.rendering import EDITION_HTML, EDITION_TEXT, make_renderer

SHELL = (
    "<mjml><mj-body><mj-section><mj-column><mj-text>\n{}\n"
    "</mj-text></mj-column></mj-section></mj-body></mjml>"
)
GREEDY = [
    '{{ "x" * 10**9 }}',
    '{{ 10**9 * "x" }}',
    '{{ ["x"] * 10**9 }}',
    "{{ 9**(9**9) }}",
    "{{ letter.name ** 2 }}",
    "{% set ns = namespace(n=10) %}{% for i in range(99) %}{% set ns.n = ns.n * ns.n %}{% endfor %}",
    "{% set ns = namespace(t='ab') %}{% for i in range(99) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}",
    "{% set ns = namespace(t='ab') %}{% for i in range(99) %}{% set ns.t = ns.t + ns.t %}{% endfor %}",
    "{% for i in range(10**9) %}{% endfor %}",
    "{% for i in range(9999) %}{% for j in range(9999) %}{{ letter.reason }}{% endfor %}{% endfor %}",
    "{% macro m() %}{% for i in range(9999) %}{{ 'x' * 9999 }}{% endfor %}{% endmacro %}{{ m() }}",
    '{{ "%1000000000d" % 1 }}',
    '{{ "%*d" % (1000000000, 1) }}',
    '{{ "%.1000000000f" % 1 }}',
    '{{ "%1000000000d" | format(1) }}',
    '{{ "{:1000000000}".format(1) }}',
    '{{ "{:{w}}".format(1, w=1000000000) }}',
    '{{ ("{0}" * 9999).format("x" * 99999) }}',
    '{{ "x".center(10**9) }}',
    '{{ "x" | center(10**9) }}',
    '{{ "x".ljust(10**9) }}',
    '{{ "x".zfill(10**9) }}',
    '{{ ("\\t" * 99999).expandtabs(9999) }}',
    '{{ ("\\n" * 99999) | indent(9999) }}',
    '{{ ("x " * 99999) | wrap(9999, width=1) }}',
    '{{ ("x" * 99999) | replace("x", "y" * 99999) }}',
    '{{ ("x" * 99999).replace("x", "y" * 99999) }}',
    '{{ ("x" * 99999) | wordwrap(1, wrapstring="y" * 99999) }}',
    '{{ ("x" * 99999).join("y" * 99999) }}',
    '{{ range(9999) | join("x" * 99999) }}',
    '{{ (["x" * 99999] * 9999) | select | join }}',
    '{{ (["x" * 99999] * 9999) | join }}',
    '{{ ("x" * 99999).translate({120: "y" * 99999}) }}',
    '{{ [1] | batch(10**9, "x") | list }}',
    "{{ rule('x' * 9999, 9999) }}",
    "{{ rule('x', 10**9) }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
]


def refuse(templates: dict[str, str], letter: Letter) -> None:
    renderer = make_renderer(templates)
    for print_it in (renderer.render, renderer.encode):
        with pytest.raises(RenderingError, match=r"^edition\.(txt|mjml)\.j2:3: "):
            print_it(letter)


@pytest.mark.parametrize("greedy", GREEDY)
def test_what_would_grow_without_bounds_is_refused_with_its_line(
    greedy: str, make_letter: Callable[..., Letter]
) -> None:
    text = f"one\ntwo\n{greedy}"
    refuse({EDITION_HTML: SHELL.format("x"), EDITION_TEXT: text}, make_letter())


@pytest.mark.parametrize("greedy", GREEDY[::6])
def test_it_is_refused_in_html_too(greedy: str, make_letter: Callable[..., Letter]) -> None:
    html = SHELL.format(f"two\n{greedy}")
    refuse({EDITION_HTML: html, EDITION_TEXT: "x"}, make_letter())


def test_a_function_that_only_fills_pages_is_not_there() -> None:
    with pytest.raises(RenderingError, match=r'"lipsum" is not known'):
        make_renderer({EDITION_HTML: SHELL.format("x"), EDITION_TEXT: "{{ lipsum(9) }}"})


@pytest.mark.parametrize(
    ("modest", "shown"),
    [
        ('{{ "-" * 72 }}', "-" * 72),
        ('{{ ([1, 2] * 2) | join(", ") }}', "1, 2, 1, 2"),
        ("{{ 2 ** 10 }} {{ 7 % 4 }} {{ 2 ** -1 }} {{ 2.5 * 2 }} {{ 1 + 1 }}", "1024 3 0.5 5.0 2"),
        ('{{ "%5.1f|%s" % (2.25, letter.name) }}', "  2.2|The Shore Letter"),
        ('{{ "%s & %s" | format(letter.name, 3) }}', "The Shore Letter & 3"),
        ('{{ "{:>5}".format(3) }}{{ "{}".format("12345 6") }}', "    312345 6"),
        ('{{ "x" | center(5) }}|', "  x  |"),
        ('{{ ["a", "", "b"] | select | join(", ") }}', "a, b"),
        ('{{ ", ".join(["a", "b"] | select) }}', "a, b"),
        ('{{ "a-b".replace("-", "+") | upper }}', "A+B"),
        ('{{ "one two" | wordwrap(3) }}', "one\ntwo"),
        ("{% for n in range(3) %}{{ n }}{% endfor %}", "012"),
        ('{{ letter.name ~ "!" }}', "The Shore Letter!"),
        ("{{ 123456 | string }} {{ 1234567 | filesizeformat }}", "123456 1.2 MB"),
        ('{{ letter.entries | map(attribute="title") | join }}', "Nets"),
    ],
)
def test_what_is_modest_works_as_jinja_says(
    modest: str,
    shown: str,
    make_letter: Callable[..., Letter],
    make_entry: Callable[..., LetterEntry],
) -> None:
    templates = {EDITION_HTML: SHELL.format("x"), EDITION_TEXT: modest}
    assert shown in make_renderer(templates).render(make_letter(make_entry("Nets"))).text
