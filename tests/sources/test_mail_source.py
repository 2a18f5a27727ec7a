"""The source that pulls mails out of a postbag: each once, and none that stops the others."""

from datetime import timedelta

from newsletter.model import InboundId, InboundMessage, PullOrder, PullStep, SourceState
from newsletter.sources import MailSource
from newsletter.testing.postbag import MemoryPostbag
from tests.sources.mail_letters import ARXIV, DESK, RECEIVED_AT, TO, message

NOW = RECEIVED_AT + timedelta(hours=1)


def source(postbag: MemoryPostbag) -> MailSource:
    return MailSource(DESK, postbag, (TO,), ("ants",))


def put(postbag: MemoryPostbag, *mails: bytes) -> None:
    for raw in mails:
        number = InboundId(len(postbag.kept) + 1)
        postbag.put(DESK, InboundMessage(number, raw, None, TO, RECEIVED_AT))


def link(number: int) -> bytes:
    return message(f"https://example.org/{number} Title of number {number}\n")


def test_before_the_first_mail_it_says_where_to_send_one() -> None:
    pull = source(MemoryPostbag()).pull(PullOrder(NOW))
    assert (pull.entries, pull.verdict, pull.memory) == ((), SourceState.EMPTY, None)
    assert pull.note == f"no mail has come to {TO} yet"


def test_mails_are_read_once_each() -> None:
    postbag = MemoryPostbag()
    put(postbag, link(1), link(2))
    first = source(postbag).pull(PullOrder(NOW))
    assert [one.content.title for one in first.entries] == [
        "Title of number 1",
        "Title of number 2",
    ]
    assert (first.verdict, first.note, first.memory) == (None, "2 mails", {"read": "2"})
    put(postbag, link(3))
    second = source(postbag).pull(PullOrder(NOW, first.memory or {}))
    assert [one.content.title for one in second.entries] == ["Title of number 3"]
    third = source(postbag).pull(PullOrder(NOW, second.memory or {}))
    assert (third.entries, third.verdict, third.note) == ((), SourceState.UNCHANGED, "no new mail")


def test_mails_are_let_go_when_their_entries_are_stored_and_not_before() -> None:
    postbag = MemoryPostbag()
    put(postbag, link(1), link(2))
    source(postbag).pull(PullOrder(NOW))
    assert not any(one.is_let_go for one in postbag.kept.values())
    source(postbag).pull(PullOrder(NOW, {"read": "1"}))
    assert [one.is_let_go for one in postbag.kept.values()] == [True, False]


def test_a_memory_that_is_broken_reads_all_again() -> None:
    postbag = MemoryPostbag()
    put(postbag, link(1))
    for text in ("", "x", "-1", "²", "9" * 40):
        assert len(source(postbag).pull(PullOrder(NOW, {"read": text})).entries) == 1


def test_what_two_mails_announce_is_one_entry() -> None:
    postbag = MemoryPostbag()
    put(postbag, link(1), message(ARXIV), link(1), message(ARXIV, bulk=True))
    assert len(source(postbag).pull(PullOrder(NOW)).entries) == 4


def test_problems_name_the_mail() -> None:
    postbag = MemoryPostbag()
    put(
        postbag,
        b"Received: x\r\n" * 120 + b"\r\n",
        message("- title: [\n", subject="Mine"),
        link(1),
    )
    pull = source(postbag).pull(PullOrder(NOW))
    assert len(pull.entries) == 1
    first, second = pull.problems
    assert first.startswith(
        "mail of 2026-11-23 09:30: the message came through more than 99 machines"
    )
    assert second.startswith('mail of 2026-11-23 09:30 "Mine": entries:')
    assert pull.memory == {"read": "3"}


def test_entries_without_a_link_are_told() -> None:
    html = '<a href="https://click.example.com/c/AbCdEfGh0123456789IjKlMn">A title behind a counter</a>'
    postbag = MemoryPostbag()
    put(postbag, message(None, html, bulk=True))
    pull = source(postbag).pull(PullOrder(NOW))
    assert pull.entries[0].content.links == ()
    assert pull.note == "1 mail, 1 entries without a link: theirs led to a counter of clicks"


def test_each_mail_is_a_step() -> None:
    steps: list[PullStep] = []
    postbag = MemoryPostbag()
    put(postbag, link(1), message(ARXIV))
    source(postbag).pull(PullOrder(NOW, on_step=steps.append))
    assert [step.text for step in steps] == [
        'mail of 2026-11-23 09:30 "For the letter": 1 entry',
        'mail of 2026-11-23 09:30 "For the letter": 3 entries',
    ]


def test_of_very_many_mails_the_rest_comes_with_the_next_pull() -> None:
    postbag = MemoryPostbag()
    put(postbag, *(link(number) for number in range(310)))
    first = source(postbag).pull(PullOrder(NOW))
    assert (len(first.entries), first.memory) == (300, {"read": "300"})
    assert len(source(postbag).pull(PullOrder(NOW, first.memory or {})).entries) == 10
