"""Whatever strangers write, the message that carries it is sound."""

import importlib.util
import os
from dataclasses import fields
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings

from newsletter.model import LetterFormat
from newsletter.rendering import readable
from newsletter.rules.messages import encode_body
from newsletter.transports import public_record
from tests.rendering.hostile import TEXTS, WORDS, Words, keys, print_words
from tests.rendering.wire import (
    Parts,
    Skeleton,
    check_html,
    check_text,
    take_apart,
    visible,
)

# Names are cut at 120 characters, at a word of at least 72.
SURE_CHARACTERS = 60
TOGETHER = 8
PATIENT = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def mailcheck() -> ModuleType:
    """The project's message checker, which lives beside the checkout and not in it."""
    beside = Path(__file__).parents[3] / "shared"
    path = Path(os.environ.get("NEWSLETTER_SHARED", beside)) / "tools" / "mailcheck.py"
    if not path.exists():
        pytest.skip("the message checker is not beside this checkout")
    spec = importlib.util.spec_from_file_location("mailcheck", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def assert_sound(words: Words) -> Parts:
    parts = take_apart(print_words(words).envelope.message)
    check_text(parts.text)
    check_html(parts.html, harmless_html(words.path))
    assert_shown(words, parts)
    return parts


@cache
def harmless_html(path: str) -> str:
    """Return a letter of the same shape: the same links, for an address with a blank in it is none."""
    return print_words(Words(path=path)).rendered.html or ""


def assert_shown(words: Words, parts: Parts) -> None:
    text, html = visible(parts.text), visible(Skeleton(parts.html).text)
    for field in fields(words):
        written = getattr(words, field.name)
        shown = readable(written) if field.name in {"title", "summary"} else written
        start = visible(shown.encode(errors="ignore").decode())[:SURE_CHARACTERS].rstrip(".,;:-–—")  # noqa: RUF001
        if field.name in {"path", "newsletter"}:
            continue
        assert start in html, field.name
        assert start in text, field.name


@PATIENT
@given(WORDS)
def test_a_message_full_of_hostile_words_is_sound(words: Words) -> None:
    assert_sound(words)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:20]))
def test_each_hostile_text_leaves_the_message_sound(text: str) -> None:
    assert_sound(Words.all(f"{text}q"))


@PATIENT
@given(WORDS)
def test_a_hostile_letter_is_the_same_each_time_and_on_both_ways(words: Words) -> None:
    for form in LetterFormat:
        printed = print_words(words, form)
        assert print_words(words, form).envelope == printed.envelope
        encoded, rendered = printed.renderer.encode(printed.letter), printed.rendered
        assert encoded.text == encode_body(rendered.text)
        assert encoded.html == (None if rendered.html is None else encode_body(rendered.html))
        assert encoded.text in printed.envelope.message


def test_hostile_letters_pass_every_check_of_the_wire() -> None:
    checker = mailcheck()
    rsa, ed25519 = (public_record(key).partition("p=")[2] for key in keys())
    for start in range(0, len(TEXTS), TOGETHER):
        text = " ".join(TEXTS[start : start + TOGETHER])
        envelope = print_words(Words.all(f"{text} q")).envelope
        found = checker.check(
            envelope.message,
            envelope.sender,
            envelope.recipient,
            pub=rsa,
            pub_ed=ed25519,
            literals=TEXTS,
        )
        assert found == [], ascii(text)
