"""The mail server, spoken to over real sockets."""

import re
import smtplib
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime

import pytest

from newsletter.errors import ConfigError
from newsletter.mailboxes import MailServer, PeerLimits, ServerLimits, SpokenProtocol
from newsletter.testing.inbound import MemoryInbound

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
RAW = b"Subject: help\r\n\r\n.dot\r\n..dots\r\n\xff bare\nline\r\n"
LMTP, SMTP = SpokenProtocol.LMTP, SpokenProtocol.SMTP
HELP, NEWS = "help@news.example", "news@news.example"

Serve = Callable[..., MailServer]


@pytest.fixture
def store() -> MemoryInbound:
    return MemoryInbound()


@pytest.fixture
def serve(store: MemoryInbound) -> Iterator[Serve]:
    with ExitStack() as stack:

        def start(
            speaks: SpokenProtocol = LMTP,
            *,
            accepts: Callable[[str], bool] = lambda address: address.endswith("@news.example"),
            limits: ServerLimits | None = None,
        ) -> MailServer:
            server = MailServer(
                store, accepts, speaks=speaks, limits=limits or ServerLimits(), now=lambda: NOON
            )
            server.start()
            stack.callback(server.stop)
            return server

        yield start


def lmtp(server: MailServer) -> smtplib.LMTP:
    return smtplib.LMTP("127.0.0.1", server.port, local_hostname="mta.example")


def smtp(server: MailServer) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", server.port, local_hostname="mta.example")


class Wire:
    """A client that says what it is told to say, and reads lines."""

    def __init__(self, server: MailServer) -> None:
        self._socket = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        self._lines = self._socket.makefile("rb")
        self.greeting = self.hear()

    def hear(self) -> str:
        while (line := self._lines.readline().decode("utf-8", "replace").strip())[3:4] == "-":
            pass
        return line

    def say(self, octets: bytes) -> None:
        self._socket.sendall(octets)

    def ask(self, line: str) -> str:
        self.say(f"{line}\r\n".encode())
        return self.hear()

    def begin(self, greeting: str = "LHLO") -> None:
        self.ask(f"{greeting} mta.example")
        self.ask("MAIL FROM:<ada@example.org>")
        self.ask(f"RCPT TO:<{HELP}>")

    def close(self) -> None:
        self._lines.close()
        self._socket.close()


@pytest.fixture
def connect() -> Iterator[Callable[[MailServer], Wire]]:
    with ExitStack() as stack:

        def begin(server: MailServer) -> Wire:
            wire = Wire(server)
            stack.callback(wire.close)
            return wire

        yield begin


Connect = Callable[[MailServer], Wire]


def test_a_message_is_committed_as_it_came_before_it_is_acknowledged(
    serve: Serve, store: MemoryInbound, connect: Connect
) -> None:
    wire = connect(serve())
    wire.begin()
    wire.ask("DATA")
    wire.say(b"Subject: help\r\n\r\n..dot\r\n...dots\r\n\xff bare\nline\r\n.\r\n")
    assert wire.hear() == "250 2.0.0 kept as 1"
    (one,) = store.messages
    assert one.raw == RAW
    assert (one.sender, one.recipient, one.received_at) == ("ada@example.org", HELP, NOON)


def test_an_empty_sender_is_kept_as_one(serve: Serve, store: MemoryInbound) -> None:
    with lmtp(serve()) as client:
        client.sendmail("", [HELP], RAW)
    assert [(one.sender, one.recipient) for one in store.messages] == [("", HELP)]


def test_lmtp_answers_for_each_recipient_and_smtp_once(
    serve: Serve, store: MemoryInbound, connect: Connect
) -> None:
    local = connect(serve(LMTP))
    local.begin("LHLO")
    local.ask(f"RCPT TO:<{NEWS}>")
    local.ask("DATA")
    assert local.ask("Subject: x\r\n\r\n.").startswith("250 2.0.0 kept as")
    assert local.hear().startswith("250 2.0.0 kept as")
    assert [one.recipient for one in store.messages] == [HELP, NEWS]
    wide = connect(serve(SMTP))
    wide.begin("EHLO")
    wide.ask(f"RCPT TO:<{NEWS}>")
    wide.ask("DATA")
    assert wide.ask("Subject: x\r\n\r\n.").startswith("250 2.0.0 kept as")
    assert wide.ask("NOOP").startswith("250")


def test_an_unknown_recipient_is_refused_in_the_dialogue(
    serve: Serve, store: MemoryInbound
) -> None:
    with smtp(serve(SMTP)) as client:
        refused = client.sendmail("ada@example.org", [HELP, "eve@elsewhere.example"], RAW)
    assert refused == {"eve@elsewhere.example": (550, b"5.1.1 there is no such address here")}
    assert [one.recipient for one in store.messages] == [HELP]


@pytest.mark.parametrize(
    "path", ["<@a.example:b@news.example>", "<a%b@news.example>", '<"a b"@news.example>']
)
def test_nothing_is_relayed_and_every_spelling_is_asked_about(serve: Serve, path: str) -> None:
    asked: list[str] = []

    def accepts(address: str) -> bool:
        asked.append(address)
        return False

    with smtp(serve(SMTP, accepts=accepts)) as client:
        client.ehlo()
        client.mail("ada@example.org")
        assert client.docmd(f"RCPT TO:{path}")[0] in {501, 550, 553}
        assert client.docmd("DATA")[0] == 503
    assert len(asked) <= 1


def test_what_cannot_be_text_is_nobodys_address(serve: Serve, connect: Connect) -> None:
    wire = connect(serve(SMTP, accepts=lambda _: True))
    wire.ask("EHLO mta.example")
    wire.ask("MAIL FROM:<ada@example.org>")
    wire.say(b"RCPT TO:<\xff\xfe@news.example>\r\n")
    assert wire.hear().startswith("55")
    assert wire.ask("NOOP").startswith("250")


def test_a_size_is_announced_and_kept_to(serve: Serve, store: MemoryInbound) -> None:
    server = serve(LMTP, limits=ServerLimits(message_bytes=2000))
    with lmtp(server) as client:
        client.ehlo()
        assert client.esmtp_features["size"] == "2000"
        assert {"8bitmime", "smtputf8", "pipelining"} <= client.esmtp_features.keys()
        assert not {"auth", "starttls"} & client.esmtp_features.keys()
        assert client.docmd("MAIL FROM:<a@example.org> SIZE=2001")[0] == 552
        client.mail("a@example.org")
        client.rcpt(HELP)
        client.rcpt(NEWS)
        client.docmd("DATA")
        client.send(b"x" * 1500 + b"\r\n" + b"y" * 1500 + b"\r\n.\r\n")
        assert [client.getreply()[0] for _ in "12"] == [552, 552]
        assert client.sendmail("a@example.org", [HELP], b"x" * 1998 + b"\r\n") == {}
    assert [len(one.raw) for one in store.messages] == [2000]


def test_a_message_that_does_not_end_is_cut_off(
    serve: Serve, store: MemoryInbound, connect: Connect
) -> None:
    wire = connect(serve(LMTP, limits=ServerLimits(message_bytes=10_000)))
    wire.begin()
    wire.ask("DATA")
    with suppress(ConnectionError):
        for _ in range(100):
            wire.say(b"x" * 10_000)
        assert wire.hear() in {"421 4.3.4 the message does not end", ""}
    assert store.messages == []


def test_a_very_long_line_is_no_reason_to_refuse(
    serve: Serve, store: MemoryInbound, connect: Connect
) -> None:
    wire = connect(serve())
    wire.begin()
    wire.ask("DATA")
    # The end of the line lies across the buffer's.
    wire.say(b"x" * 65_536 + b"\r\n." + b"y" * 300_000 + b"\r\n")
    assert wire.ask("..\r\n.").startswith("250")
    assert store.messages[0].raw == b"x" * 65_536 + b"\r\n" + b"y" * 300_000 + b"\r\n.\r\n"


@pytest.mark.parametrize("hidden", [b"\n.\n", b"\n.\r\n", b"\r.\r\n", b"\r.\r", b"\n.\r"])
def test_no_second_message_hides_in_one(
    serve: Serve, store: MemoryInbound, connect: Connect, hidden: bytes
) -> None:
    wire = connect(serve())
    wire.begin()
    wire.ask("DATA")
    wire.say(b"Subject: x\r\n\r\nend" + hidden + b"MAIL FROM:<eve@example.org>\r\n.\r\n")
    assert wire.hear().startswith("250 2.0.0 kept")
    assert len(store.messages) == 1
    assert b"MAIL FROM:<eve" in store.messages[0].raw


def test_while_nothing_can_be_kept_the_sender_is_asked_to_try_again(
    serve: Serve, store: MemoryInbound
) -> None:
    store.trouble = "the disk is full"
    with lmtp(serve()) as client:
        client.ehlo()
        client.mail("ada@example.org")
        client.rcpt(HELP)
        assert client.data(RAW)[0] == 451
        store.trouble = ""
        client.mail("ada@example.org")
        client.rcpt(HELP)
        assert client.data(RAW)[0] == 250
    assert len(store.messages) == 1


def test_a_mistake_of_ours_is_never_a_final_no(serve: Serve, connect: Connect) -> None:
    def accepts(_address: str) -> bool:
        raise KeyError

    wire = connect(serve(accepts=accepts))
    wire.ask("LHLO mta.example")
    wire.ask("MAIL FROM:<ada@example.org>")
    assert wire.ask(f"RCPT TO:<{HELP}>") == "451 4.3.0 trouble here, please try again"


def test_a_hundred_recipients_are_enough(serve: Serve) -> None:
    with lmtp(serve(limits=ServerLimits(recipients=3))) as client:
        client.ehlo()
        client.mail("ada@example.org")
        codes = [client.rcpt(f"r{count}@news.example")[0] for count in range(5)]
    assert codes == [250, 250, 250, 452, 452]
    assert ServerLimits().recipients == 100


def test_who_tries_names_is_sent_away(serve: Serve) -> None:
    with smtp(serve(SMTP, accepts=lambda _: False)) as client:
        client.ehlo()
        client.mail("ada@example.org")
        codes = [client.docmd(f"RCPT TO:<r{count}@news.example>")[0] for count in range(26)]
    assert codes == [550] * 25 + [421]


def test_a_peer_that_sends_too_much_must_wait(serve: Serve, store: MemoryInbound) -> None:
    limits = ServerLimits(peers=PeerLimits(messages_per_minute=2))
    with lmtp(serve(limits=limits)) as client:
        for _ in range(2):
            client.sendmail("ada@example.org", [HELP], RAW)
        assert client.docmd("MAIL FROM:<ada@example.org>")[0] == 421
    assert len(store.messages) == 2


def test_a_peer_has_a_bounded_number_of_connections(serve: Serve, connect: Connect) -> None:
    server = serve(limits=ServerLimits(peers=PeerLimits(connections=1)))
    first, second = connect(server), connect(server)
    assert first.greeting.startswith("220")
    assert second.greeting.startswith("421")
    assert first.ask("QUIT").startswith("221")
    first.close()
    greeting = ""
    for _ in range(50):
        greeting = connect(server).greeting
        if greeting.startswith("220"):
            break
    assert greeting.startswith("220")


def test_endless_commands_end(serve: Serve, connect: Connect) -> None:
    wire = connect(serve(SMTP))
    replies = [wire.ask("VRFY ada") for _ in range(26)]
    assert replies[-1].startswith("421")
    other = connect(serve(SMTP))
    assert other.ask("NOOP " + "x" * 70_000).startswith("500")
    assert other.ask("NOOP").startswith("250")


@pytest.mark.parametrize(
    ("speaks", "greeting"), [(LMTP, "EHLO a"), (LMTP, "HELO a"), (SMTP, "LHLO a")]
)
def test_each_protocol_has_its_own_greeting(
    serve: Serve, connect: Connect, speaks: SpokenProtocol, greeting: str
) -> None:
    assert connect(serve(speaks)).ask(greeting).startswith("500")


def test_data_needs_somebody_to_go_to(serve: Serve, connect: Connect) -> None:
    wire = connect(serve())
    wire.ask("LHLO mta.example")
    assert wire.ask("DATA").startswith("503")
    wire.begin()
    assert wire.ask("DATA now").startswith("501")


def test_an_international_sender_is_kept(serve: Serve, store: MemoryInbound) -> None:
    with lmtp(serve()) as client:
        client.ehlo()
        client.mail("jörg@exämple.org", ["SMTPUTF8"])
        client.rcpt(HELP)
        assert client.data(RAW)[0] == 250
    assert store.messages[0].sender == "jörg@exämple.org"


def test_a_port_that_is_taken_is_told(serve: Serve, store: MemoryInbound) -> None:
    port = serve().port
    other = MailServer(store, lambda _: True, speaks=SMTP, port=port)
    with pytest.raises(ConfigError, match=f"smtp server cannot listen at 127.0.0.1:{port}"):
        other.start()


def test_the_server_says_where_it_is_and_stops(store: MemoryInbound) -> None:
    server = MailServer(store, lambda _: True, speaks=LMTP)
    assert re.fullmatch(r"lmtp at 127\.0\.0\.1:[0-9]+", server.start())
    client = lmtp(server)
    server.stop()
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        client.ehlo()
    client.close()
    server.stop()
