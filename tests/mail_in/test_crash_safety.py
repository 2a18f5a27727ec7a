"""Whenever the program ends, a message is handled once: not never, and not twice."""

import smtplib
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from newsletter.bootstrap import make_intakes
from newsletter.cli import app
from newsletter.errors import StorageError
from newsletter.mailboxes import MAX_MESSAGE_BYTES
from newsletter.model import InboundState, SubscriptionState
from newsletter.ports import Correspondence, Partings
from newsletter.workflows.receive import (
    ReceivePorts,
    receive,
    receive_one,
    tell_who_left,
    work_off,
)
from tests.mail_in.post_office import Person, PostOffice

NEWS = "news@news.example.org"
HELP = b"From: ada@example.org\r\nMessage-ID: <1@x>\r\nSubject: help\r\n\r\n"


def test_what_was_claimed_and_dropped_is_handled_by_another_worker(office: PostOffice) -> None:
    with office.window() as window:
        store = window.newsroom.inbound
        store.store(HELP, "ada@example.org", NEWS, now=office.now)
        (claimed,) = store.claim(5, now=office.now, patience_until=office.now + timedelta(hours=1))
        # It is answered, and before that is written down the worker dies.
        assert receive(claimed, window.ports).is_answered
        assert work_off(store, window.ports) == 0  # nobody else may have it yet
    office.wait(timedelta(hours=2))
    with office.window() as window:
        assert work_off(window.newsroom.inbound, window.ports) == 1
        assert len(window.waiting()) == 1
        (handled,) = window.newsroom.inbound.find(InboundState.HANDLED)
        assert handled.tries == 2


class LostPost:
    """A port that fails at one step, as a database does that goes away."""

    def __init__(self, correspondence: Correspondence | Partings, step: str) -> None:
        self._correspondence = correspondence
        self._step = step

    def __getattr__(self, name: str) -> object:
        if name == self._step:
            message = "the disk is gone"
            raise StorageError(message)
        return getattr(self._correspondence, name)


def losing(ports: ReceivePorts, step: str) -> ReceivePorts:
    lost: Correspondence = LostPost(ports.post.correspondence, step)  # type: ignore[assignment]
    return replace(ports, post=replace(ports.post, correspondence=lost))


@pytest.mark.parametrize("step", ["use_key", "post"])
def test_a_confirmation_survives_a_crash_on_its_way(
    office: PostOffice, ada: Person, step: str
) -> None:
    ada.write(NEWS, 'subscribe "policy gradient"')
    question = ada.post()
    raw = "From: ada@example.org\r\nMessage-ID: <2@x>\r\nSubject: Re: x\r\n\r\nyes\r\n"
    with office.window() as window:
        store = window.newsroom.inbound
        number = store.store(raw.encode(), "ada@example.org", question.reply_to, now=office.now)
        message = store.get(number)
        assert message
        with pytest.raises(StorageError):
            receive_one(message, store, losing(window.ports, step))
        assert work_off(store, window.ports) == 1
        person = window.person("ada@example.org")
        assert person.state is SubscriptionState.CONFIRMED
        assert person.preferences
        assert [topic.title for topic in person.preferences.topics] == ["policy gradient"]
        assert len(window.waiting()) == 1


def test_the_notice_of_an_end_survives_a_crash(office: PostOffice) -> None:
    office.admit("ada@example.org")
    office.wait(timedelta(days=1))
    office.send_letters()
    (letter,) = office.house.deliveries()
    to = letter.octets.decode().partition("mailto:unsubscribe+")[2].partition("@")[0]
    to = "unsubscribe+" + to.replace("\r\n", "") + "@news.example.org"
    with office.window() as window:
        store = window.newsroom.inbound
        message = store.get(store.store(b"Subject: x\n\n", "", to, now=office.now))
        assert message
        lost: Partings = LostPost(window.ports.partings, "tell")  # type: ignore[assignment]
        with pytest.raises(StorageError):
            receive_one(message, store, replace(window.ports, partings=lost))
        assert window.person("ada@example.org").state is SubscriptionState.UNSUBSCRIBED
        assert len(window.waiting()) == 0
        assert tell_who_left(window.ports) == 1
        receive_one(message, store, window.ports)
        assert len(window.waiting()) == 1


def test_a_message_that_comes_again_is_handled_once(office: PostOffice) -> None:
    again = b"Received: from mx.example.net; Mon, 23 Nov 2026 13:00:00 +0100\r\n" + HELP
    for raw in (HELP, HELP, again):
        office.hand_in("ada@example.org", NEWS, raw)
    office.hand_in("ada@example.org", NEWS, HELP.replace(b"<1@x>", b"<2@x>"))

    assert len(office.new_post("ada@example.org")) == 2


def pipe(office: PostOffice, raw: bytes, *words: str) -> tuple[int, str]:
    config = str(office.house.folder / "config.yaml")
    result = CliRunner().invoke(app, ["--config", config, "receive", *words], input=raw)
    return result.exit_code, result.output


def test_the_pipe_takes_a_message_or_asks_for_it_again(office: PostOffice) -> None:
    envelope = ("--sender", "ada@example.org", "--recipient", NEWS)
    assert pipe(office, HELP, *envelope) == (0, "Message 1 (command): answered.\n")
    code, said = pipe(office, HELP, *envelope)
    assert (code, "came before" in said) == (0, True)
    code, said = pipe(office, HELP + b"x" * MAX_MESSAGE_BYTES, *envelope)
    assert (code, "set aside" in said) == (0, True)

    office.house.edit_config("newsletter.db", "received/../../data")  # where a folder is
    assert pipe(office, HELP, *envelope)[0] == 75
    office.house.edit_config("database:", "databose:")
    assert pipe(office, HELP, *envelope)[0] == 75


def test_what_is_too_big_is_refused_in_the_dialogue(office: PostOffice) -> None:
    with pytest.raises(smtplib.SMTPResponseException) as refusal:
        office.hand_in("ada@example.org", NEWS, HELP + b"x" * MAX_MESSAGE_BYTES)
    assert refusal.value.smtp_code == 552


def test_a_database_that_is_away_is_told_in_the_dialogue(office: PostOffice) -> None:
    with office.room() as room:
        (intake,) = make_intakes(room)
        port = int(intake.start().rpartition(":")[2])
        with room.database.writing() as connection:
            connection.execute(text("ALTER TABLE inbound RENAME TO gone"))
        try:
            with smtplib.LMTP("127.0.0.1", port) as client:
                client.ehlo_or_helo_if_needed()
                client.mail("ada@example.org")
                client.rcpt(NEWS)
                assert client.data(HELP)[0] == 451
        finally:
            intake.stop()
