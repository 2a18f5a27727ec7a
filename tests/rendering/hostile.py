"""Hostile texts, and letters that are full of them, printed and signed as they are sent."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Final

from hypothesis import strategies as st

from newsletter.model import (
    Dressing,
    Edition,
    EditionId,
    EmailAddress,
    EntryContent,
    EntryId,
    LetterFormat,
    Letterhead,
    Link,
    LinkKind,
    Match,
    Reader,
    Reason,
    ReasonKind,
    RevisionId,
    Silence,
    SilenceReason,
    Slot,
    SourceName,
    SubscriberId,
)
from newsletter.ports import Renderer
from newsletter.rendering import make_renderer, read_templates, readable_content
from newsletter.rules.addresses import Secrets
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.stores import MemoryEntryStore
from newsletter.transports import DkimKey, KeyKind, Signer, make_key
from newsletter.workflows import Press, PrintedLetter
from newsletter.workflows.press import print_with

DOMAIN: Final = "news.example.org"
MORNING: Final = datetime(2026, 1, 5, 7, tzinfo=UTC)  # the checker refuses signatures of tomorrow
TEMPLATES: Final = Path(__file__).parents[2] / "templates"

# fmt: off
# ruff: noqa: E501, RUF001 - lines and letters that deceive are the point
TEXTS: Final = (
    "\x00", "a\x00b\x1b[31mc\x7f\x9b", "\x02loop 0\x03", "\x020\x03 \x0210/4//72\x03", "~@0@~ ~@1@~",
    "{{x}}", "{%if%}", "{#", "#}", "{{letter.name}}", "${x}", "%(x)s %s %n", "{0.__class__}",
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onclick='x", "</title></td><h1>",
    "<!--", "-->", "]]>", "<![CDATA[", "&lt;b&gt;", "&#60;b&#62;", "&amp;amp;", "<mj-raw>", "</mj-text>",
    "javascript:alert(1)", "data:text/html,<b>x", "vbscript:x",
    "\u202eevil\u202c", "\u2066a\u2067b\u2068c\u2069", "\u202a\u202b\u202d", "\ufeffbom", "\u200e\u200f\u061c",
    "a\r\nBcc: evil@example.org", "a\rb\nc", "Subject: x\r\n\r\n<html>", "a\n.\nb", "\r\n.\r\nMAIL FROM:<x@y>",
    ".", "..", ". x", "From x", ">From x", "From: a@b", "a\n\nFrom x",
    "a\u2028b\u2029c\u0085d\x0be\x0cf\x1cg", "\u00a0\u3000\u2003x",
    "=?utf-8?q?Bcc=3A_evil=40example.org?=", "=?utf-8?b?PGI+?=", "=?", "?=", "=\r\n", "=0D=0A", "=3D=", "=",
    "x" * 4_000, "漢" * 900, "ب" * 400, "🙂" * 300, "." * 300, "=" * 500, "From " * 90,
    "👨‍👩‍👧‍👦 🏳️‍🌈 🇪🇺 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👍🏽", "\U0001f1ea", "\ud83d\ude42", "\ud800x\udfff", "\ufffe\uffff", "\U0010ffff",
    "\u0301", "\u0338x", "Z" + "\u0300\u0323" * 200, "\u20dd", "\u0e33", "\u094d",
    "שלום עולם", "مرحبا <b>", "(עברית) abc", "١٢٣ abc", "\u200dx", "\u200b", "\u2060\u00ad\u180e", "\u3164\u115f\uffa0",
    "\\r\\n", "\\", '"', "'", "`", "^", "$x$ \\frac{a}{b}", "$$", "{", "}", "_", "\t", "-- ", "--",
    "http://evil.example/ mailto:x", "@", "a@b", "<a@b>", ",;:", "()", "İ ı ſ ŉ ß ﬁ",
)
# fmt: on
PIECES: Final = st.sampled_from(TEXTS) | st.text(max_size=8)
HOSTILE: Final = st.lists(PIECES, min_size=1, max_size=3).map(lambda parts: " ".join(parts) + " q")
"""Ends in a letter that can be seen, so that nothing is left out for being empty."""


@cache
def keys() -> tuple[DkimKey, ...]:
    return make_key("s1", DOMAIN), make_key("e1", DOMAIN, KeyKind.ED25519)


@cache
def press() -> Press:
    secrets = Secrets((b"sixteen bytes or more",))
    signer = Signer(keys())
    return Press(
        MemoryEntryStore(),
        MemoryLedger(),
        lambda _: renderer(),
        secrets,
        sign=lambda message, at: signer.sign(message, at=at),
    )


@cache
def renderer() -> Renderer:
    return make_renderer(read_templates([TEMPLATES]))


@dataclass(frozen=True)
class Words:
    """What strangers wrote into one letter, in the order of its fields."""

    name: str = "q"
    title: str = "q"
    author: str = "q"
    organization: str = "q"
    summary: str = "q"
    topic: str = "q"
    note: str = "q"
    newsletter: str = "q"
    postal: str = "q"
    source: str = "q"
    path: str = "q"

    @classmethod
    def all(cls, text: str) -> "Words":
        return cls(*[text] * len(cls.__dataclass_fields__))


WORDS: Final = st.builds(Words, *[HOSTILE] * len(Words.__dataclass_fields__))


def content(words: Words) -> EntryContent:
    links = (
        Link(LinkKind.PAGE, f"https://a.example/{words.path}"),
        Link(LinkKind.PDF, words.path),
        Link(LinkKind.CODE, f"http://b.example/{words.path}"),
        Link(LinkKind.PROJECT, f"javascript:alert('{words.path}')"),
    )
    return EntryContent(
        title=words.title,
        abstract=f"{words.summary}. {words.title}",
        tldr=words.summary,
        authors=(words.author, "q"),
        organization=words.organization,
        published_on=date(2026, 1, 2),
        comments=1,
        upvotes=2,
        links=links,
    )


def edition(words: Words, form: LetterFormat = LetterFormat.HTML) -> Edition:
    reasons = (
        Reason(ReasonKind.TOPIC, words.topic, (words.title, words.topic)),
        Reason(ReasonKind.AUTHOR, words.author),
        Reason(ReasonKind.TRENDING, words.organization),
    )
    match = Match(EntryId("a"), RevisionId("a"), 1.0, reasons, sources=(SourceName(words.source),))
    reader = Reader(
        SubscriberId("s"), EmailAddress("ada@example.org"), words.name, form, (words.topic, "q")
    )
    return Edition(
        id=EditionId("hostileeditionhostil"),
        reader=reader,
        slot=Slot(MORNING.date(), MORNING, "UTC"),
        planned_at=MORNING,
        matches=(match, replace(match, entry=EntryId("b"))),
        also_matched=(replace(match, entry=EntryId("c")),),
        new_count=9,
        since=date(2026, 1, 2),
        dressing=RevisionId("d"),
        note=Silence(SilenceReason.NOTHING_MATCHED, words.note),
    )


def letterhead(words: Words) -> Letterhead:
    # An @ in the sender's name is refused when the config is read, and when a message is built.
    name = words.newsletter.replace("@", "(at)")
    return Letterhead(
        name=name,
        url=f"https://{DOMAIN}",
        domain=DOMAIN,
        from_address=EmailAddress(f"news@{DOMAIN}"),
        from_name=name,
        postal_address=words.postal,
        owner=EmailAddress("owner@example.org"),
    )


def print_words(words: Words, form: LetterFormat = LetterFormat.HTML) -> PrintedLetter:
    """Print and sign one letter in the way of a letter that is sent."""
    contents = {RevisionId("a"): readable_content(content(words))}
    dressing = Dressing(letterhead(words))
    return print_with(edition(words, form), press(), contents, dressing)
