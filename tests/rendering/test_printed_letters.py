"""From an edition to a message: what the press keeps in mind changes no octet."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy

import pytest

from newsletter.model import (
    Dressing,
    Edition,
    EditionId,
    EmailAddress,
    EncodedEmail,
    EntryContent,
    EntryId,
    Letter,
    LetterEntry,
    LetterFormat,
    Match,
    Reader,
    Reason,
    ReasonKind,
    RenderedEmail,
    RevisionId,
    Slot,
    SourceName,
    SubscriberId,
)
from newsletter.ports import Renderer
from newsletter.rendering import make_renderer
from newsletter.rules.addresses import Secrets
from newsletter.rules.messages import encode_body
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.stores import MemoryEntryStore
from newsletter.workflows import Press, PrintedLetter, print_letter
from newsletter.workflows.press import print_with

BEGINS = datetime(2026, 11, 23, 7, tzinfo=UTC)
READER = Reader(
    SubscriberId("s"), EmailAddress("ada@example.org"), "Ada", LetterFormat.HTML, ("Gulls",)
)
PAPERS = [RevisionId(name) for name in ("gulls", "nets", "islands")]


class PlainRenderer:
    """Implements `ports.Renderer` the plain way: each letter is rendered and encoded as a whole."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        self._renderer = make_renderer(templates)

    def render(self, letter: Letter) -> RenderedEmail:
        return self._renderer.render(letter)

    def encode(self, letter: Letter) -> EncodedEmail:
        email = self.render(letter)
        html = None if email.html is None else encode_body(email.html)
        return EncodedEmail(email.subject, encode_body(email.text), html)


class Shelf(MemoryEntryStore):
    """Implements as much of `ports.EntryStore` as a press needs, and notes what is asked for."""

    def __init__(self, texts: Mapping[RevisionId, EntryContent]) -> None:
        super().__init__()
        self.texts = texts
        self.asked: list[RevisionId] = []

    def contents(self, revisions: Iterable[RevisionId]) -> Mapping[RevisionId, EntryContent]:
        wanted = list(revisions)
        self.asked += wanted
        return {revision: self.texts[revision] for revision in wanted}


def match(revision: RevisionId, topic: str) -> Match:
    reason = Reason(ReasonKind.TOPIC, topic, ("gull", "net"))
    source = (SourceName("shore"),)
    return Match(EntryId(f"test:{revision}"), revision, 1.0, (reason,), sources=source)


def edition(number: int) -> Edition:
    """One of some editions that share papers in other orders, for other topics and readers."""
    papers = PAPERS[number % 3 :] + PAPERS[: number % 3]
    topic = ("Gulls", "Nets")[number % 2]
    matches = tuple(match(paper, topic) for paper in papers)
    return Edition(
        id=EditionId(f"{number:a>20}"),
        reader=replace(READER, name=f"Reader {number}"),
        slot=Slot(date(2026, 11, 23), BEGINS, "Europe/Paris"),
        planned_at=BEGINS,
        matches=matches[:2],
        also_matched=matches[2:],
        new_count=14 + number,
        since=date(2026, 11, 20),
        dressing=RevisionId("d"),
    )


@pytest.fixture
def contents(make_entry: Callable[..., LetterEntry]) -> Mapping[RevisionId, EntryContent]:
    return {name: make_entry(f"About {name}", n).content for n, name in enumerate(PAPERS, 1)}


@pytest.fixture
def print_letters(
    contents: Mapping[RevisionId, EntryContent],
    templates: Mapping[str, str],
    make_letter: Callable[..., Letter],
) -> Callable[[Callable[[Mapping[str, str]], Renderer]], list[PrintedLetter]]:
    dressing = Dressing(make_letter().letterhead, dict(templates))

    def print_all(make: Callable[[Mapping[str, str]], Renderer]) -> list[PrintedLetter]:
        secrets = Secrets((b"a key of more than sixteen bytes",))
        press = Press(MemoryEntryStore(), MemoryLedger(), make, secrets)
        return [print_with(edition(n), press, contents, dressing) for n in range(12)]

    return print_all


def test_every_message_is_that_of_the_plain_way(
    print_letters: Callable[..., list[PrintedLetter]],
) -> None:
    fast = print_letters(make_renderer)
    plain = print_letters(PlainRenderer)
    assert [one.envelope for one in fast] == [one.envelope for one in plain]
    assert len({one.envelope.message for one in fast}) == 12


def test_what_a_person_looks_at_is_what_the_message_holds(
    print_letters: Callable[..., list[PrintedLetter]],
) -> None:
    for printed in print_letters(make_renderer)[:3]:
        message = message_from_bytes(printed.envelope.message, policy=policy.default)
        text, html = message.iter_parts()
        shown = [part.get_content().replace("\r\n", "\n") for part in (text, html)]
        assert shown == [printed.rendered.text, f"{printed.rendered.html}\n"]


def test_an_entry_for_two_topics_says_for_each_reader_why(
    print_letters: Callable[..., list[PrintedLetter]],
) -> None:
    one, other, *_ = print_letters(make_renderer)
    assert "Why   Gulls: “gull” and “net”" in one.rendered.text
    assert "Why   Nets: “gull” and “net”" in other.rendered.text
    assert b"Why   Nets:" in other.envelope.message
    assert b"Why   Gulls:" not in other.envelope.message


def test_a_match_is_written_again_only_where_what_it_shows_is_another(
    contents: Mapping[RevisionId, EntryContent],
) -> None:
    secrets = Secrets((b"a key of more than sixteen bytes",))
    press = Press(MemoryEntryStore(), MemoryLedger(), make_renderer, secrets)
    gulls, nets = (contents[name] for name in PAPERS[:2])
    shared = match(PAPERS[0], "Gulls")
    first = press.write(shared, gulls, shared.sources)

    assert press.write(shared, gulls, shared.sources) is first
    assert press.write(match(PAPERS[0], "Gulls"), gulls, shared.sources) is first, "equal ones too"
    assert press.write(shared, gulls, (SourceName("cliff"),)).sources == ("cliff",)
    assert press.write(shared, nets, shared.sources).content is nets
    assert press.write(shared, gulls, shared.sources) == first


def test_a_stored_edition_is_printed_as_one_at_hand(
    contents: Mapping[RevisionId, EntryContent],
    templates: Mapping[str, str],
    make_letter: Callable[..., Letter],
    renderer: Renderer,
) -> None:
    dressing = Dressing(make_letter().letterhead, dict(templates))
    ledger = MemoryLedger()
    name = ledger.keep_dressing(dressing)
    secrets = Secrets((b"a key of more than sixteen bytes",))
    press = Press(Shelf(contents), ledger, make_renderer, secrets)
    editions = [replace(edition(number), dressing=name) for number in range(12)]
    for stored in (*editions, *editions):
        anew = Press(MemoryEntryStore(), ledger, lambda _: renderer, secrets)
        at_hand = print_with(stored, anew, contents, dressing)
        assert print_letter(stored, press).envelope == at_hand.envelope


def test_matches_are_put_into_words_once(contents: Mapping[RevisionId, EntryContent]) -> None:
    shelf = Shelf(contents)
    secrets = Secrets((b"a key of more than sixteen bytes",))
    press = Press(shelf, MemoryLedger(), make_renderer, secrets)
    gulls, nets, islands = (match(paper, "Gulls") for paper in PAPERS)

    first = press.written((gulls, nets))
    again = press.written((nets, islands, gulls))

    assert [one.content for one in first] == [contents[name] for name in PAPERS[:2]]
    assert again[0] is first[1]
    assert again[2] is first[0]
    assert again[1].content is contents[PAPERS[2]]
    assert press.written((match(PAPERS[0], "Gulls"),))[0] is first[0], "an equal one too"
    assert press.written((match(PAPERS[0], "Nets"),))[0].reasons == ("Nets: “gull” and “net”",)
    assert press.written(()) == ()
    assert shelf.asked == PAPERS
