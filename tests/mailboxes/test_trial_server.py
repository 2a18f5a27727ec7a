"""The embedded server of the demo."""

import smtplib
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.errors import ConfigError
from newsletter.mailboxes import TrialServer, read_letters

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MESSAGE = b"Subject: =?utf-8?q?Fr=C3=BCh?=\r\nTo: ada@example.org\r\n\r\n.\r\n..dots\r\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "received"


@pytest.fixture
def port(folder: Path) -> Iterator[int]:
    server = TrialServer(folder, now=lambda: NOON)
    yield server.start()
    server.stop()


def send(port: int, message: bytes, *recipients: str, sender: str = "b@news.example") -> None:
    with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as client:
        client.sendmail(sender, recipients, message)


def test_a_letter_is_kept_as_it_came_with_its_envelope_beside(folder: Path, port: int) -> None:
    send(port, MESSAGE, "ada@example.org", "eve@example.org")
    (letter,) = read_letters(folder)
    assert (folder / f"{letter.name}.eml").read_bytes() == MESSAGE
    assert letter.sender == "b@news.example"
    assert letter.recipients == ("ada@example.org", "eve@example.org")
    assert (letter.subject, letter.received_at) == ("Früh", NOON)
    assert letter.size_bytes == len(MESSAGE)


def test_an_empty_sender_is_taken_as_that_of_an_answer(folder: Path, port: int) -> None:
    send(port, MESSAGE, "ada@example.org", sender="")
    assert read_letters(folder)[0].sender == ""


def test_letters_are_listed_newest_first(folder: Path) -> None:
    hours = iter(range(3))
    server = TrialServer(folder, now=lambda: NOON.replace(hour=next(hours)))
    port = server.start()
    for name in ("first", "second", "third"):
        send(port, b"Subject: " + name.encode() + b"\r\n\r\n", "ada@example.org")
    server.stop()
    assert [letter.subject for letter in read_letters(folder)] == ["third", "second", "first"]


def test_a_message_over_ten_megabytes_is_refused(port: int, folder: Path) -> None:
    with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as client:
        client.ehlo()
        code, _ = client.docmd("MAIL", "FROM:<b@news.example> SIZE=10000001")
    assert code == 552
    assert read_letters(folder) == []


def test_what_cannot_be_kept_is_deferred(port: int, folder: Path) -> None:
    folder.rmdir()
    with pytest.raises(smtplib.SMTPDataError, match=r"4\.3\.0"):
        send(port, MESSAGE, "ada@example.org")


def test_stopping_ends_open_connections_and_starting_again_works(folder: Path) -> None:
    server = TrialServer(folder)
    with socket.create_connection(("127.0.0.1", server.start()), timeout=5) as client:
        assert client.recv(200).startswith(b"220 ")
        server.stop()
        server.stop()
        with suppress(ConnectionResetError):
            assert client.recv(200) == b""
    send(server.start(), MESSAGE, "ada@example.org")
    server.stop()
    assert len(read_letters(folder)) == 1


def test_a_port_that_is_taken_is_an_error_of_the_settings(folder: Path, port: int) -> None:
    with pytest.raises(ConfigError, match=f"cannot listen at 127.0.0.1:{port}"):
        TrialServer(folder, port=port).start()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"received_at": 3}', "\udce4"])
def test_files_that_are_none_of_ours_are_passed_over(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "x.json").write_text(text, errors="surrogateescape")
    (folder / "x.eml").write_bytes(b"")
    assert read_letters(folder) == []


def test_a_folder_that_is_not_there_has_no_letters(folder: Path) -> None:
    assert read_letters(folder) == []
