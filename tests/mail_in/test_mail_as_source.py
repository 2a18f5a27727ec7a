"""Mail to the address of a source: kept for it, or passed on to the owner; never answered, never a command."""
# ruff: noqa: E501 - mails have long lines

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from newsletter.model import EmailAddress, InboundKind, SourceName
from newsletter.rules.addresses import submit_address
from newsletter.sources import MailSource
from newsletter.storage import MailBag
from newsletter.workflows import receive_one
from tests.mail_in.conftest import open_office
from tests.mail_in.post_office import Person, PostOffice, Window

_DAY = timedelta(days=1)
DOMAIN = "news.example.org"
OWNER = "editor@example.org"
SOURCES = """sources:
  desk: {kind: mail}
  weekly: {kind: mail, from: [example.com, bob@example.net]}
"""
ENTRY = "https://arxiv.org/abs/2605.01234 A learning model of ants that plan their way home\n"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    with open_office(tmp_path) as office:
        config = office.house.folder / "config.yaml"
        text = config.read_text(encoding="utf-8")
        start = text.index("sources:")
        following = [at for at in _top_level(text) if at > start]
        end = following[0] if following else len(text)
        config.write_text(text[:start] + SOURCES + text[end:], encoding="utf-8")
        yield office


def _top_level(text: str) -> list[int]:
    """Return where the keys at the left margin begin."""
    places, at = [], 0
    for line in text.splitlines(keepends=True):
        if line[:1].isalpha():
            places.append(at)
        at += len(line)
    return places


def address_of(office: PostOffice, name: str) -> EmailAddress:
    with office.room() as room:
        (source,) = (one for one in room.sources if one.name == name)
        assert isinstance(source, MailSource)
        assert source.address == submit_address(SourceName(name), room.press.secrets, DOMAIN)
        return source.address


def newsletter(to: str, text: str = ENTRY, *, sender: str = "weekly@example.com") -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Weekly <{sender}>"
    message["To"] = to
    message["Subject"] = "Ants weekly"
    message["Date"] = "Mon, 23 Nov 2026 10:00:00 +0000"
    message["Message-ID"] = "<weekly.12@example.com>"
    message["List-Id"] = "<weekly.example.com>"
    message["List-Unsubscribe"] = "<https://example.com/u/1>"
    message["Precedence"] = "bulk"
    message.set_content(text)
    return message.as_bytes()


def kept(window: Window, name: str) -> int:
    bag = MailBag(window.newsroom.database)
    return len(bag.since(SourceName(name), 0, limit=100))


def waiting_for_owner(window: Window) -> list[bytes]:
    return [window.bytes_of(one) for one in window.waiting() if one.recipient == OWNER]


def test_a_newsletter_is_kept_although_a_program_wrote_it(office: PostOffice) -> None:
    to = address_of(office, "desk")
    with office.window() as window:
        received = window.take(newsletter(to), to.upper(), "bounce-1@example.com")
        assert (received.kind, received.note) == (InboundKind.OTHER, "1 entry for the source desk")
        assert kept(window, "desk") == 1
        assert window.waiting() == []


def test_the_same_message_is_kept_once_whenever_it_is_looked_at(office: PostOffice) -> None:
    to = address_of(office, "desk")
    with office.window() as window:
        store, now = window.newsroom.inbound, window.newsroom.clock.now()
        message = store.get(store.store(newsletter(to), "a@example.com", to, now=now))
        assert message
        for _ in range(2):
            receive_one(message, store, window.ports)
        assert kept(window, "desk") == 1


def test_a_wrong_token_makes_a_mail_like_others(office: PostOffice) -> None:
    to = f"submit+{'a' * 26}@{DOMAIN}"
    with office.window() as window:
        assert window.take(newsletter(to), to, "x@example.com").kind is InboundKind.AUTO_REPLY
        human = b"From: bob@example.net\r\nSubject: subscribe\r\n\r\nsubscribe\r\n"
        received = window.take(human, to, "bob@example.net")
        assert (received.kind, received.note) == (InboundKind.OTHER, "passed on to the owner")
        assert kept(window, "desk") == kept(window, "weekly") == 0
        assert len(waiting_for_owner(window)) == 1


def test_commands_do_nothing_at_the_address_of_a_source(office: PostOffice) -> None:
    to = address_of(office, "desk")
    with office.window() as window:
        before = window.dump()
        human = f"From: bob@example.net\r\nSubject: stop\r\n\r\nsubscribe\r\n\r\n{ENTRY}"
        assert window.take(human, to, "bob@example.net").commands == ()
        assert kept(window, "desk") == 1
        assert window.dump() == before


def test_a_question_of_a_newsletter_goes_to_the_owner_with_its_link(office: PostOffice) -> None:
    to = address_of(office, "desk")
    message = EmailMessage(policy=SMTP)
    message["From"] = "Lists <no-reply@example.com>"
    message["Subject"] = "Please confirm your subscription"
    message["Auto-Submitted"] = "auto-generated"
    html = '<p>Did you ask for it?</p><a href="https://example.com/confirm/abc123">Yes, subscribe me</a>'
    message.set_content(html, subtype="html")
    with office.window() as window:
        received = window.take(message.as_bytes(), to, "bounce@example.com")
        assert received.kind is InboundKind.OTHER
        assert received.note == "for the source desk, passed on: no entry was found in it"
        (mail,) = waiting_for_owner(window)
        assert b"https://example.com/confirm/abc123" in mail
        assert kept(window, "desk") == 0


def test_a_block_with_a_mistake_goes_to_the_owner_with_the_reason(office: PostOffice) -> None:
    to = address_of(office, "desk")
    with office.window() as window:
        human = "From: bob@example.net\r\nSubject: x\r\n\r\n- titel: Ants\r\n"
        received = window.take(human, to, "bob@example.net")
        assert 'entries:1: titel: unknown key; did you mean "title"?' in received.note
        assert len(waiting_for_owner(window)) == 1


def test_a_source_takes_mail_only_from_whom_it_names(office: PostOffice) -> None:
    to = address_of(office, "weekly")
    with office.window() as window:
        for sender in ("weekly@example.com", "x@mail.Example.COM", "Bob@example.net"):
            received = window.take(newsletter(to, sender=sender), to, "b@example.org")
            assert received.note == "1 entry for the source weekly", sender
        assert kept(window, "weekly") == 3
        for sender in ("ann@example.net", "weekly@notexample.com", "example.com@example.org"):
            received = window.take(newsletter(to, sender=sender), to, "b@example.org")
            assert received.note.startswith(
                "for the source weekly, passed on: sources.weekly takes no"
            ), sender
        nobody = newsletter(to).replace(b"From: Weekly <weekly@example.com>\r\n", b"")
        assert "passed on" in window.take(nobody, to, "b@example.org").note
        assert kept(window, "weekly") == 3


def test_without_a_token_our_own_server_must_vouch_for_the_sender(office: PostOffice) -> None:
    config = office.house.folder / "config.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace("port: 0}", "port: 0}, trusted_authserv_id: mx.example.org"), encoding="utf-8"
    )
    to = f"submit@{DOMAIN}"
    with office.window() as window:
        plain = f"From: bob@example.net\r\nSubject: x\r\n\r\n{ENTRY}"
        assert window.take(plain, to, "bob@example.net").note == "passed on to the owner"
        vouched = (
            "Authentication-Results: mx.example.org; dmarc=pass header.from=example.net\r\n" + plain
        )
        assert window.take(vouched, to, "bob@example.net").note == "1 entry for the source weekly"
        other = vouched.replace("bob@", "ann@")
        assert window.take(other, to, "ann@example.net").note == "passed on to the owner"


def test_our_own_letters_never_become_entries(office: PostOffice) -> None:
    to = address_of(office, "desk")
    with office.window() as window:
        ours = newsletter(to, sender=f"news@{DOMAIN}")
        assert window.take(ours, to, "x@example.com").kind is InboundKind.AUTO_REPLY
        looped = b"X-Loop: news@" + DOMAIN.encode() + b"\r\n" + newsletter(to)
        assert window.take(looped, to, "x@example.com").kind is InboundKind.AUTO_REPLY
        assert kept(window, "desk") == 0


def test_a_bounce_to_a_source_is_a_bounce(office: PostOffice) -> None:
    to = address_of(office, "desk")
    bounce = "From: MAILER-DAEMON@example.com\r\nSubject: Undelivered Mail\r\nX-Failed-Recipients: a@example.com\r\n\r\n"
    with office.window() as window:
        assert window.take(bounce + ENTRY, to, "").kind is InboundKind.BOUNCE
        assert kept(window, "desk") == 0


def test_the_owner_is_not_flooded(office: PostOffice) -> None:
    to = address_of(office, "desk")
    with office.window() as window:
        for number in range(101):
            raw = newsletter(to, f"nothing in here {number}\n")
            received = window.take(raw, to, "x@example.com")
        assert received.kind is InboundKind.REFUSED
        assert len(waiting_for_owner(window)) == 100


def test_from_a_mail_over_lmtp_to_an_entry_in_a_letter(office: PostOffice, ada: Person) -> None:
    office.admit(ada.address)
    to = address_of(office, "desk")
    office.send_letters()
    bob = Person(office, "bob@example.net", "Bob")
    assert bob.write(to, "For the letter", ENTRY).note == "1 entry for the source desk"
    office.hand_in(
        "b@example.com",
        to,
        newsletter(to, "Models of the learning of bees\nhttps://example.org/bees\n"),
    )
    office.wait(_DAY)
    assert bob.posts() == []
    office.send_letters()
    letter = ada.post()
    assert "A learning model of ants that plan their way home" in letter.text
    assert "https://arxiv.org/abs/2605.01234" in letter.text
    assert "Models of the learning of bees" in letter.text
    assert to.partition("@")[0] not in letter.text + letter.html
    office.wait(_DAY)
    office.send_letters()
    assert ada.posts() == []
