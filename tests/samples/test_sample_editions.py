"""The sample editions, in all that they are for, come out the same on both ways."""

from dataclasses import replace
from email import message_from_bytes, policy
from functools import cache
from pathlib import Path

import pytest

from newsletter.bootstrap.sample_editions import SampleEdition, sample_editions
from newsletter.model import Dressing, EmailAddress, LetterFormat, Letterhead
from newsletter.ports import Renderer
from newsletter.rendering import make_renderer, read_templates, readable_content
from newsletter.rules.addresses import Secrets
from newsletter.rules.messages import encode_body
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.stores import MemoryEntryStore
from newsletter.workflows import Press, PrintedLetter
from newsletter.workflows.press import print_with

TEMPLATES = Path(__file__).parents[2] / "templates"
LETTERHEAD = Letterhead(
    name="Paper Round",
    url="https://news.example.org",
    domain="news.example.org",
    from_address=EmailAddress("news@news.example.org"),
    from_name="Paper Round",
    postal_address="1 Example Street, 12345 Sampletown",
    owner=EmailAddress("owner@example.org"),
)
HOSTILE = (
    '"><script>{{ x }}\u202e\x02loop 0\x03\r\nBcc: x@example.org\r\n\r\n.\r\nFrom =?utf-8?q?x?='
)


@cache
def renderer() -> Renderer:
    return make_renderer(read_templates([TEMPLATES]))


def printed(sample: SampleEdition) -> PrintedLetter:
    secrets = Secrets((b"sixteen bytes or more",))
    press = Press(MemoryEntryStore(), MemoryLedger(), lambda _: renderer(), secrets)
    contents = {name: readable_content(one) for name, one in sample.contents.items()}
    return print_with(sample.edition, press, contents, Dressing(LETTERHEAD))


def made_hostile(sample: SampleEdition) -> SampleEdition:
    reader = replace(sample.edition.reader, name=HOSTILE, topics=(HOSTILE,))
    contents = {
        name: replace(one, title=f"{one.title} {HOSTILE}", abstract=f"{HOSTILE} {one.abstract}")
        for name, one in sample.contents.items()
    }
    return SampleEdition(replace(sample.edition, reader=reader), contents)


def test_there_are_nine() -> None:
    assert len(sample_editions()) == 9


@pytest.mark.parametrize("form", LetterFormat)
@pytest.mark.parametrize("name", sample_editions())
def test_what_is_sent_is_what_is_rendered(name: str, form: LetterFormat) -> None:
    sample = sample_editions()[name]
    reader = replace(sample.edition.reader, format=form)
    plain = SampleEdition(replace(sample.edition, reader=reader), sample.contents)
    for one in (plain, made_hostile(plain)):
        letter = printed(one)
        assert printed(one).envelope == letter.envelope
        rendered = letter.rendered
        assert encode_body(rendered.text) in letter.envelope.message
        assert (rendered.html is None) == (form is LetterFormat.TEXT)
        assert encode_body(rendered.html or "") in letter.envelope.message


@pytest.mark.parametrize("name", sample_editions())
def test_a_hostile_sample_is_a_sound_message(name: str) -> None:
    octets = printed(made_hostile(sample_editions()[name])).envelope.message
    message = message_from_bytes(octets, policy=policy.default)
    assert not message["Bcc"]
    assert [part.defects for part in message.walk()] == [[], [], []]
    html = message.get_body(("html",))
    assert html is not None
    assert "<script" not in html.get_content()
    assert len(html.get_content().encode()) <= 100_000
