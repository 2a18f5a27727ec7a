"""A maildir on disk."""

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.errors import ConfigError, StorageError
from newsletter.mailboxes import MAX_MESSAGE_BYTES, MaildirMailbox
from newsletter.model import InboundState
from newsletter.testing.inbound import MemoryInbound

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
RAW = b"Subject: help\n\n\xff\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "Maildir" / name).mkdir(parents=True)
    return tmp_path / "Maildir"


@pytest.fixture
def store() -> MemoryInbound:
    return MemoryInbound()


@pytest.fixture
def mailbox(folder: Path, store: MemoryInbound) -> MaildirMailbox:
    return MaildirMailbox(folder, store, now=lambda: NOON)


def deliver(folder: Path, name: str, raw: bytes = RAW) -> None:
    (folder / "new" / name).write_bytes(raw)


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_what_is_new_is_stored_in_order_and_moved_as_seen(
    folder: Path, store: MemoryInbound, mailbox: MaildirMailbox
) -> None:
    deliver(folder, "1700000002.b.host", b"second")
    deliver(folder, "1700000001.a.host", RAW)
    (folder / "tmp" / "1700000003.c.host").write_bytes(b"half")
    assert mailbox.take() == 2
    assert [(one.raw, one.sender, one.recipient) for one in store.messages] == [
        (RAW, None, None),
        (b"second", None, None),
    ]
    assert names(folder) == [
        "cur/1700000001.a.host:2,S",
        "cur/1700000002.b.host:2,S",
        "tmp/1700000003.c.host",
    ]
    assert mailbox.take() == 0


def test_what_was_stored_and_not_moved_is_stored_once(
    folder: Path, store: MemoryInbound, mailbox: MaildirMailbox
) -> None:
    deliver(folder, "1.a.host")
    mailbox.take()
    (folder / "cur" / "1.a.host:2,S").rename(folder / "new" / "1.a.host")
    assert mailbox.take() == 1
    assert len(store.messages) == 1
    assert names(folder) == ["cur/1.a.host:2,S"]


def test_a_name_that_is_used_again_is_another_message(
    folder: Path, store: MemoryInbound, mailbox: MaildirMailbox
) -> None:
    for raw in (b"one", b"two"):
        deliver(folder, "mail", raw)
        mailbox.take()
    assert [one.raw for one in store.messages] == [b"one", b"two"]


def test_what_cannot_be_stored_stays_new(
    folder: Path, store: MemoryInbound, mailbox: MaildirMailbox
) -> None:
    store.trouble = "the disk is full"
    deliver(folder, "1.a.host")
    with pytest.raises(StorageError, match="disk is full"):
        mailbox.take()
    assert names(folder) == ["new/1.a.host"]


def test_of_a_message_that_is_too_big_the_beginning_is_put_aside(
    folder: Path, store: MemoryInbound, mailbox: MaildirMailbox
) -> None:
    deliver(folder, "1.big", b"x" * (MAX_MESSAGE_BYTES + 1))
    deliver(folder, "2.most", b"x" * MAX_MESSAGE_BYTES)
    mailbox.take()
    big, most = store.messages
    assert (big.state, len(big.raw)) == (InboundState.ASIDE, 65_536)
    assert big.note == "1000001 bytes are too many: it is whole in the maildir, as 1.big"
    assert (most.state, len(most.raw)) == (InboundState.RECEIVED, MAX_MESSAGE_BYTES)
    assert names(folder) == ["cur/1.big:2,F", "cur/2.most:2,S"]


def test_links_folders_and_hidden_files_are_no_mail(
    folder: Path, store: MemoryInbound, mailbox: MaildirMailbox, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("mine", encoding="utf-8")
    (folder / "new" / "link").symlink_to(secret)
    (folder / "new" / "sub").mkdir()
    deliver(folder, ".nfs")
    assert mailbox.take() == 0
    assert store.messages == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_one_that_cannot_be_read_stops_no_other(
    folder: Path, store: MemoryInbound, mailbox: MaildirMailbox
) -> None:
    deliver(folder, "1.closed")
    (folder / "new" / "1.closed").chmod(0)
    deliver(folder, "2.open")
    assert mailbox.take() == 1
    assert len(store.messages) == 1


def test_a_folder_that_is_no_maildir_is_told(tmp_path: Path, store: MemoryInbound) -> None:
    (tmp_path / "cur").mkdir()
    with pytest.raises(ConfigError, match="is no maildir: there is no folder new in it"):
        MaildirMailbox(tmp_path, store).start()


class Telling(MemoryInbound):
    """Tells when something was stored."""

    def __init__(self) -> None:
        super().__init__()
        self.stored = threading.Event()

    def get_told(self) -> bool:
        return self.stored.wait(10)


@pytest.fixture
def watching(folder: Path) -> Iterator[tuple[Telling, MaildirMailbox]]:
    store = Telling()

    def now() -> datetime:
        store.stored.set()
        return NOON

    mailbox = MaildirMailbox(folder, store, now=now, interval_s=0.01)
    yield store, mailbox
    mailbox.stop()


def test_while_it_watches_new_mail_is_taken_until_it_stops(
    folder: Path, watching: tuple[Telling, MaildirMailbox]
) -> None:
    store, mailbox = watching
    assert mailbox.start() == f"maildir {folder}"
    deliver(folder, "1.a.host")
    assert store.get_told()
    mailbox.stop()
    assert len(store.messages) == 1
    deliver(folder, "2.b.host")
    mailbox.stop()
    assert names(folder) == ["cur/1.a.host:2,S", "new/2.b.host"]
