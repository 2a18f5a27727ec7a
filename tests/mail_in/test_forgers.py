"""Somebody who writes in the name of others can do nothing to them."""

from datetime import timedelta

import pytest

from newsletter.bootstrap import receiving
from newsletter.model import AddressKey, InboundId, InboundKind, InboundMessage, SubscriptionState
from newsletter.workflows.receive import receive
from tests.mail_in.post_office import START, Person, PostOffice

NEWS = "news@news.example.org"
DAY = timedelta(days=1)


def subscribe(person: Person) -> None:
    person.write(NEWS, "subscribe")
    person.reply(person.post())
    person.posts()


def state_of(office: PostOffice, address: str) -> SubscriptionState | None:
    with office.room() as room:
        person = room.subscribers.find(AddressKey(address))
        return person.state if person else None


def test_a_forged_request_subscribes_nobody(office: PostOffice, ada: Person) -> None:
    mallory = Person(office, "ada@example.org", "Mallory")  # the From field can say anything
    mallory.write(NEWS, "subscribe Ada Lovelace")

    assert state_of(office, "ada@example.org") is SubscriptionState.PENDING
    assert "Lovelace" not in ada.post().text


@pytest.mark.parametrize(
    "wish", ["unsubscribe", "pause 14d", "erase", "daily", "add robots", "export", "at most 1"]
)
def test_a_command_without_a_token_only_brings_a_question(
    office: PostOffice, ada: Person, wish: str
) -> None:
    subscribe(ada)

    received = ada.write(NEWS, "", wish)

    assert received.applied == ()
    assert state_of(office, "ada@example.org") is SubscriptionState.CONFIRMED
    (question,) = ada.posts()
    assert question.reply_to.startswith("preferences+")
    assert question.subject.lower().startswith("re:")


def test_one_reply_to_the_question_is_enough(office: PostOffice, ada: Person) -> None:
    subscribe(ada)
    ada.write(NEWS, "", "unsubscribe")

    assert ada.reply(ada.post()).applied == ("unsubscribe",)
    assert state_of(office, "ada@example.org") is SubscriptionState.UNSUBSCRIBED


@pytest.mark.parametrize("purpose", ["confirm", "preferences", "undo", "unsubscribe"])
def test_a_guessed_token_opens_nothing(office: PostOffice, ada: Person, purpose: str) -> None:
    subscribe(ada)

    for token in ("a" * 26, "a" * 48, "x"):
        received = ada.write(f"{purpose}+{token}@news.example.org", "", "unsubscribe")
        assert received.applied == ()
    assert state_of(office, "ada@example.org") is SubscriptionState.CONFIRMED


def test_an_address_is_asked_once_a_day_and_three_times_a_month(
    office: PostOffice, ada: Person
) -> None:
    asked = []
    for day in (0, 1, 2, 3, 16, 29, 31):
        office.now = START + day * DAY
        for _ in range(3):
            ada.write(NEWS, "subscribe")
        asked.append(len(ada.posts()))

    assert asked == [1, 1, 1, 0, 0, 0, 1]


def test_hundreds_of_forged_requests_bring_each_victim_one_mail(office: PostOffice) -> None:
    """Ten thousand were tried by hand; see docs/reliability.md."""
    victims = 40
    with office.room() as room:
        ports = receiving(room)
        for number in range(10 * victims):
            victim = f"victim{number % victims}@example.net"
            raw = (
                f"From: {victim}\r\nTo: {NEWS}\r\nMessage-ID: <{number}@evil.example>\r\n"
                "Subject: subscribe\r\n\r\nVisit www.evil.example now\r\n"
            ).encode()
            message = InboundMessage(InboundId(number + 1), raw, victim, NEWS, office.now)
            assert receive(message, ports).kind is InboundKind.COMMAND
        waiting = room.outbox.find(limit=None)
    recipients = [item.recipient for item in waiting]
    assert len(recipients) == len(set(recipients)) == victims


def test_more_than_a_hundred_questions_an_hour_wait(office: PostOffice) -> None:
    with office.room() as room:
        ports = receiving(room)
        for number in range(210):
            raw = (
                f"From: a{number}@example.net\r\nTo: {NEWS}\r\nSubject: subscribe\r\n\r\n".encode()
            )
            receive(InboundMessage(InboundId(number + 1), raw, None, NEWS, office.now), ports)
        delays = [
            item.not_before and item.not_before - office.now
            for item in room.outbox.find(limit=None)
        ]
    hours = [delay for delay in delays if delay]
    assert sorted(set(hours)) == [timedelta(hours=1), timedelta(hours=2)]
    assert len(delays) - len(hours) == 100


def test_two_newsletters_that_write_to_each_other_soon_stop(
    office: PostOffice, ada: Person
) -> None:
    subscribe(ada)
    ada.write(NEWS, "", "help")
    answer = ada.post()
    # What we write is sent back to us as it is, as a forwarding that runs in a circle does.
    office.hand_in("", answer.reply_to, answer.message.as_bytes())

    assert office.received[-1].kind is InboundKind.AUTO_REPLY
    assert ada.posts() == []


def test_five_answers_a_day_are_enough(ada: Person) -> None:
    for _ in range(9):
        ada.write(NEWS, "", "help")

    assert len(ada.posts()) == 5


def test_the_token_of_a_letter_is_obeyed_by_mail_whoever_writes(
    office: PostOffice, ada: Person
) -> None:
    subscribe(ada)
    office.wait(DAY)
    office.send_letters()
    (letter,) = ada.posts()
    listed = str(letter.message["List-Unsubscribe"])
    address = listed.partition("mailto:")[2].partition(">")[0].partition("?")[0]

    robot = b"From: robot@isp.example\r\nAuto-Submitted: auto-generated\r\nSubject: x\r\n\r\n"
    office.hand_in("", address, robot)

    assert state_of(office, "ada@example.org") is SubscriptionState.UNSUBSCRIBED
    (notice,) = ada.posts()
    assert notice.reply_to.startswith("undo+")
    office.hand_in("", address, robot)
    assert ada.posts() == []
    assert ada.reply(notice).applied == ("undo",)
    assert state_of(office, "ada@example.org") is SubscriptionState.CONFIRMED


def test_dmarc_of_our_own_server_lets_somebody_leave_at_once(
    office: PostOffice, ada: Person
) -> None:
    config = office.house.folder / "config.yaml"
    text = config.read_text().replace(
        "inbound: {lmtp: {port: 0}}",
        "inbound: {lmtp: {port: 0}, trusted_authserv_id: mx.example.org}",
    )
    config.write_text(text)
    subscribe(ada)
    leaving = "From: Ada <ada@example.org>\r\nTo: unsubscribe@news.example.org\r\nSubject: \r\n\r\n"
    proof = "Authentication-Results: {}; dmarc=pass header.from=example.org\r\n"
    to = "unsubscribe@news.example.org"

    office.hand_in("ada@example.org", to, (proof.format("mx.evil.example") + leaving).encode())
    assert state_of(office, "ada@example.org") is SubscriptionState.CONFIRMED
    office.hand_in("ada@example.org", to, (proof.format("mx.example.org") + leaving).encode())
    assert state_of(office, "ada@example.org") is SubscriptionState.UNSUBSCRIBED
