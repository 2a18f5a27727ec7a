"""The way out that the config describes."""

import asyncio
from collections import Counter
from pathlib import Path

from newsletter.bootstrap import open_newsroom, open_relay
from newsletter.config import copy_starter
from newsletter.model import EmailAddress, Envelope, Receipt
from newsletter.testing import Manners, ScriptedSmtpServer


async def yes() -> bool:
    return True


def send(folder: Path, relays: str, count: int) -> list[Receipt]:
    """Send letters over the relays that a config names."""
    copy_starter(folder)
    config = folder / "config.yaml"
    named = config.read_text(encoding="utf-8").replace("relays: embedded", f"relays: {relays}", 1)
    config.write_text(named, encoding="utf-8")
    sender = EmailAddress("bounce@news.example")
    letters = [
        Envelope(sender, EmailAddress(f"r{n}@example.org"), b"A: b\r\n\r\nc\r\n")
        for n in range(count)
    ]
    with open_newsroom(config) as room, open_relay(room) as transport:

        async def deliver() -> list[Receipt]:
            receipts = [await transport.deliver(letter, yes) for letter in letters]
            await transport.close()
            return receipts

        return asyncio.run(deliver())


def test_all_relays_take_their_share(tmp_path: Path) -> None:
    with ScriptedSmtpServer() as one, ScriptedSmtpServer() as two:
        relays = (
            f"[{{host: 127.0.0.1, port: {one.port}, tls: none, weight: 3}}, "
            f"{{host: 127.0.0.1, port: {two.port}, tls: none, messages_per_connection: 5}}]"
        )
        receipts = send(tmp_path, relays, 40)
        assert {receipt.kind.value for receipt in receipts} == {"accepted"}
        assert Counter(receipt.relay for receipt in receipts) == {
            f"127.0.0.1:{one.port}": 30,
            f"127.0.0.1:{two.port}": 10,
        }
        assert (one.record.connections, two.record.connections) == (1, 2)


def test_where_one_is_down_another_takes_over(tmp_path: Path) -> None:
    with ScriptedSmtpServer() as gone:
        pass
    with ScriptedSmtpServer() as server:
        relays = (
            f"[{{host: 127.0.0.1, port: {gone.port}, tls: none, weight: 100}}, "
            f"{{host: 127.0.0.1, port: {server.port}, tls: none}}]"
        )
        receipts = send(tmp_path, relays, 10)
        assert {receipt.kind.value for receipt in receipts} == {"accepted"}
        assert len(server.envelopes) == 10


def test_letters_go_to_a_socket_of_this_machine(tmp_path: Path) -> None:
    with ScriptedSmtpServer(Manners(is_lmtp=True), socket_path=tmp_path / "lmtp") as server:
        (receipt,) = send(tmp_path / "news", f"[{{socket: {tmp_path}/lmtp, protocol: lmtp}}]", 1)
        assert (receipt.kind.value, receipt.relay) == ("accepted", f"{tmp_path}/lmtp")
        assert len(server.envelopes) == 1


def test_a_token_in_a_file_signs_in(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    token = tmp_path / "token"
    token.write_text("old\n", encoding="utf-8")
    # base64 of user=news, ctrl-A, auth=Bearer old, ctrl-A, ctrl-A
    proof = "dXNlcj1uZXdzAWF1dGg9QmVhcmVyIG9sZAEB"
    manners = Manners(("AUTH XOAUTH2",), password=proof, needs_login=True)
    with ScriptedSmtpServer(manners) as server:
        written = (
            f"[{{host: 127.0.0.1, port: {server.port}, tls: none, username: news, "
            f"token: {{file: {token}}}}}]"
        )
        assert [one.kind.value for one in send(folder, written, 2)] == ["accepted", "accepted"]
