"""A mailbox on a server that speaks IMAP over TLS, and breaks off where it hurts most."""

import imaplib
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.errors import StorageError
from newsletter.mailboxes import MAX_MESSAGE_BYTES, ImapLogin, ImapMailbox
from newsletter.mailboxes.imap.login import folder_name, quoted
from newsletter.mailboxes.imap.mailbox import Patience
from newsletter.model import InboundId, InboundState
from newsletter.testing.imap_server import ScriptedImapServer
from newsletter.testing.inbound import MemoryInbound

PASSWORD = "secret"
CERTIFICATE = Path(__file__).parent.parent / "transports" / "loopback.pem"
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HELLO = b"Message-ID: <1@example.org>\r\nSubject: help\r\n\r\n\xff\r\n"
OTHER = b"Message-ID: <2@example.org>\r\nSubject: stop\r\n\r\n"
SEEN = {r"\Seen"}
QUICK = Patience(poll_s=0.01, idle_s=30, first_s=0.01, longest_s=0.05)


class Counting(MemoryInbound):
    """A store that one can wait for."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = threading.Condition()

    def store(
        self,
        raw: bytes,
        sender: str | None,
        recipient: str | None,
        *,
        now: datetime,
        origin: str | None = None,
        aside: str | None = None,
    ) -> InboundId:
        with self._changed:
            id_ = super().store(raw, sender, recipient, now=now, origin=origin, aside=aside)
            self._changed.notify_all()
        return id_

    def has(self, count: int, *, within_s: float = 10) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: len(self.messages) >= count, within_s)


@pytest.fixture
def store() -> Counting:
    return Counting()


@pytest.fixture
def server() -> Iterator[ScriptedImapServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with ScriptedImapServer(context) as running:
        yield running


Open = Callable[..., ImapMailbox]


@pytest.fixture
def open_mailbox(server: ScriptedImapServer, store: Counting) -> Iterator[Open]:
    trusting = ssl.create_default_context(cafile=str(CERTIFICATE))
    with ExitStack() as stack:

        def open_it(
            *,
            password: str | None = None,
            folder: str = "INBOX",
            context: ssl.SSLContext | None = None,
        ) -> ImapMailbox:
            login = ImapLogin("localhost", "news", password or "secret", server.port, folder)
            mailbox = ImapMailbox(
                login, store, context=context or trusting, now=lambda: NOON, patience=QUICK
            )
            stack.callback(mailbox.stop)
            return mailbox

        yield open_it


def test_what_is_unseen_is_stored_and_then_marked(
    server: ScriptedImapServer, store: Counting, open_mailbox: Open
) -> None:
    mail = server.script.put(HELLO)
    server.script.put(OTHER).flags.add(r"\Seen")
    assert open_mailbox().take() == 1
    (one,) = store.messages
    assert (one.raw, one.sender, one.recipient, one.received_at) == (HELLO, None, None, NOON)
    assert mail.flags == SEEN
    assert open_mailbox().take() == 0
    assert server.script.heard[-1] == "LOGOUT"


def test_what_cannot_be_stored_stays_unseen(
    server: ScriptedImapServer, store: Counting, open_mailbox: Open
) -> None:
    mail = server.script.put(HELLO)
    store.trouble = "the disk is full"
    with pytest.raises(StorageError):
        open_mailbox().take()
    assert mail.flags == set()


@pytest.mark.parametrize("moment", ["before STORE", "after STORE", "after FETCH", "before FETCH"])
def test_a_connection_that_breaks_repeats_nothing_and_loses_nothing(
    server: ScriptedImapServer, store: Counting, open_mailbox: Open, moment: str
) -> None:
    mails = [server.script.put(HELLO), server.script.put(OTHER)]
    server.script.drops.append(moment)
    with pytest.raises((imaplib.IMAP4.error, OSError)):
        open_mailbox().take()
    open_mailbox().take()
    assert sorted(one.raw for one in store.messages) == [HELLO, OTHER]
    assert [mail.flags for mail in mails] == [SEEN, SEEN]


def test_new_numbers_for_old_messages_repeat_nothing(
    server: ScriptedImapServer, store: Counting, open_mailbox: Open
) -> None:
    mails = [server.script.put(HELLO), server.script.put(OTHER)]
    mailbox = open_mailbox()
    mailbox.take()
    server.script.renumber()
    mailbox.take()
    assert len(store.messages) == 2
    assert [mail.flags for mail in mails] == [SEEN, SEEN]


def test_of_a_huge_message_only_the_beginning_is_asked_for(
    server: ScriptedImapServer, store: Counting, open_mailbox: Open
) -> None:
    huge = server.script.put(HELLO + b"x" * 3_000_000)
    small = server.script.put(OTHER)
    open_mailbox().take()
    aside, other = store.messages
    assert (aside.state, len(aside.raw)) == (InboundState.ASIDE, 65_536)
    assert aside.note.startswith(f"{len(huge.raw)} bytes are too many")
    assert huge.flags == {r"\Seen", r"\Flagged"}
    assert (other.raw, small.flags) == (OTHER, SEEN)
    fetched = [line for line in server.script.heard if "BODY" in line]
    assert fetched[0].endswith("(UID BODY.PEEK[]<0.65536>)")


def test_a_server_that_lies_about_a_size_is_bounded_too(
    server: ScriptedImapServer, store: Counting, open_mailbox: Open
) -> None:
    server.script.put(b"x" * (MAX_MESSAGE_BYTES + 5000), claimed_bytes=10)
    open_mailbox().take()
    (one,) = store.messages
    assert (one.state, len(one.raw)) == (InboundState.ASIDE, 65_536)


def test_an_empty_message_is_put_aside(
    server: ScriptedImapServer, store: Counting, open_mailbox: Open
) -> None:
    for _ in "12":
        server.script.put(b"")
    open_mailbox().take()
    assert [(one.raw, one.state) for one in store.messages] == [(b"", InboundState.ASIDE)] * 2


@pytest.mark.parametrize(
    "line",
    [
        b"* 1 FETCH (UID 100 BODY[] {9999999999}\r\n",
        b"* " + b"x" * 1_100_000,
        (b"* OK " + b"x" * 1000 + b"\r\n") * 10_000,
        b"no imap at all\r\n",
    ],
    ids=["literal", "line", "flood", "nonsense"],
)
def test_what_a_server_says_is_bounded(
    server: ScriptedImapServer, store: Counting, open_mailbox: Open, line: bytes
) -> None:
    server.script.put(HELLO)
    server.script.says.append(line)
    with pytest.raises((imaplib.IMAP4.error, OSError)):
        open_mailbox().take()
    assert store.messages == []


@pytest.mark.parametrize("offers", [["AUTH=PLAIN"], []], ids=["plain", "login"])
def test_a_wrong_password_is_an_error(
    server: ScriptedImapServer, open_mailbox: Open, offers: list[str]
) -> None:
    server.script.offers[:] = offers
    with pytest.raises(imaplib.IMAP4.error):
        open_mailbox(password="wrong").take()
    server.script.password = 'p"w\\d' if offers else "plain"
    assert open_mailbox(password=server.script.password).take() == 0


def test_a_password_beyond_ascii_needs_the_other_way_in(
    server: ScriptedImapServer, open_mailbox: Open
) -> None:
    server.script.password = "größe"
    assert open_mailbox(password="größe").take() == 0
    server.script.offers.clear()
    with pytest.raises(imaplib.IMAP4.error, match="the server offers no AUTH=PLAIN"):
        open_mailbox(password="größe").take()


def test_a_folder_that_cannot_be_written_is_an_error(
    server: ScriptedImapServer, store: Counting, open_mailbox: Open
) -> None:
    server.script.put(HELLO)
    server.script.is_read_only = True
    with pytest.raises(imaplib.IMAP4.error, match="not writable"):
        open_mailbox().take()
    assert store.messages == []


def test_a_certificate_that_is_not_trusted_is_an_error(open_mailbox: Open) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        open_mailbox(context=ssl.create_default_context()).take()


def test_names_of_folders_are_written_as_imap_wants_them() -> None:
    assert folder_name("INBOX") == '"INBOX"'
    assert folder_name('a"b\\c') == '"a\\"b\\\\c"'
    # The examples of RFC 3501 section 5.1.3 and RFC 2152.
    assert folder_name("~peter/mail/台北/日本語") == '"~peter/mail/&U,BTFw-/&ZeVnLIqe-"'
    assert folder_name("R&D für") == '"R&-D f&APw-r"'
    with pytest.raises(ValueError, match="cannot be sent"):
        quoted("a\r\nb LOGOUT")


def wait_until(is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not is_so() and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    return is_so()


@pytest.mark.parametrize("offers", [["IDLE", "AUTH=PLAIN"], []], ids=["idle", "poll"])
def test_while_it_watches_new_mail_is_taken(
    server: ScriptedImapServer, store: Counting, open_mailbox: Open, offers: list[str]
) -> None:
    server.script.offers[:] = offers
    server.script.put(HELLO)
    mailbox = open_mailbox()
    assert mailbox.start() == "imap localhost INBOX"
    assert store.has(1)
    if offers:
        assert wait_until(lambda: "IDLE" in server.script.heard)
    server.deliver(OTHER)
    assert store.has(2)
    assert server.connections == 1


def test_a_broken_connection_is_made_anew(
    server: ScriptedImapServer, store: Counting, open_mailbox: Open
) -> None:
    server.script.put(HELLO)
    server.script.drops += ["before SELECT", "after LOGIN", "before SEARCH", "before IDLE"]
    mailbox = open_mailbox()
    mailbox.start()
    assert store.has(1)
    assert wait_until(lambda: server.connections >= 4)
    assert wait_until(lambda: server.script.heard.count("IDLE") == 2)


@pytest.mark.parametrize("offers", [["IDLE", "AUTH=PLAIN"], []], ids=["idle", "poll"])
def test_it_stops_at_once(
    server: ScriptedImapServer, store: Counting, open_mailbox: Open, offers: list[str]
) -> None:
    server.script.offers[:] = offers
    server.script.put(HELLO)
    mailbox = open_mailbox()
    mailbox.start()
    assert store.has(1)
    began = time.monotonic()
    mailbox.stop()
    assert time.monotonic() - began < 2
    with suppress(OSError):
        server.deliver(OTHER)
    assert not store.has(2, within_s=0.1)
