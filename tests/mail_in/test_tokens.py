"""What a token lets its holder do, how often, how long, and to whom it is told."""

from datetime import timedelta

import pytest

from newsletter.model import AddressKey, KeyPurpose, Subscriber, SubscriptionState
from newsletter.workflows.receive.posting import LIFETIMES
from tests.mail_in.attacks import reply_address
from tests.mail_in.post_office import Person, Post, PostOffice

NEWS = "news@news.example.org"
DAY = timedelta(days=1)


@pytest.fixture
def mallory(office: PostOffice) -> Person:
    return Person(office, "mallory@evil.example", "Mallory")


def find(office: PostOffice, person: Person) -> Subscriber:
    with office.room() as room:
        found = room.subscribers.find(AddressKey(person.address))
    assert found
    return found


def welcomed(person: Person) -> Post:
    """Subscribe, and return the welcome."""
    person.write(NEWS, "subscribe")
    person.reply(person.post())
    return person.post()


def test_a_question_is_confirmed_once(office: PostOffice, ada: Person) -> None:
    ada.write(NEWS, "subscribe")
    question = ada.post()
    ada.reply(question)
    ada.reply(ada.post(), "stop")
    ada.posts()

    assert ada.reply(question).applied == ()
    assert find(office, ada).state is SubscriptionState.UNSUBSCRIBED
    assert "closed" in ada.post().subject


def test_a_used_token_does_not_confirm_what_was_asked_later(
    office: PostOffice, ada: Person, mallory: Person
) -> None:
    ada.write(NEWS, "subscribe")
    question = ada.post()
    ada.reply(question)
    ada.reply(ada.post(), "stop")
    office.wait(2 * DAY)
    Person(office, ada.address, "Mallory").write(NEWS, "subscribe", "subscribe pills")

    assert mallory.write(question.reply_to, "", "yes").applied == ()
    assert find(office, ada).state is SubscriptionState.PENDING


def test_a_question_is_forgotten_after_seven_days(office: PostOffice, ada: Person) -> None:
    ada.write(NEWS, "subscribe")
    question = ada.post()
    office.wait(LIFETIMES[KeyPurpose.CONFIRM] + DAY)

    assert ada.reply(question).applied == ()
    assert find(office, ada).state is SubscriptionState.PENDING
    assert "closed" in ada.post().subject


def test_a_token_may_come_back_in_capitals_and_as_a_subdomain(ada: Person) -> None:
    ada.write(NEWS, "subscribe")
    local, _, domain = ada.post().reply_to.partition("@")
    assert ada.write(f"{local.upper()}@{domain.upper()}", "", "yes").applied == ("confirm",)

    local, _, domain = ada.post().reply_to.partition("@")
    name, _, token = local.partition("+")
    assert ada.write(f"{token}@{name}.{domain}", "", "at most 3").applied == ("at most 3",)


def test_who_holds_a_token_of_somebody_learns_nothing(
    office: PostOffice, ada: Person, mallory: Person
) -> None:
    welcome = welcomed(ada)

    for wish in ("show", "export", "status", "subscirbe", "at most 3"):
        office.wait(DAY)
        assert mallory.write(welcome.reply_to, "", wish).subscriber == find(office, ada).id
        deliveries = office.house.deliveries()
        assert not any(one.recipient == mallory.address for one in deliveries)
        assert len(ada.posts()) == 1, wish


def test_a_token_is_good_for_its_purpose_alone(
    office: PostOffice, ada: Person, mallory: Person
) -> None:
    welcome = welcomed(ada)
    token = welcome.reply_to.partition("+")[2]
    ada.reply(welcome, "stop")
    ada.posts()
    for purpose in ("undo", "confirm", "unsubscribe", "bounce"):
        assert mallory.write(f"{purpose}+{token}", "", "yes").applied == ()
    assert find(office, ada).state is SubscriptionState.UNSUBSCRIBED


def test_the_token_for_preferences_ends(office: PostOffice, ada: Person) -> None:
    welcome = welcomed(ada)
    office.wait(LIFETIMES[KeyPurpose.PREFERENCES] + DAY)

    assert ada.reply(welcome, "pause 14d").applied == ()
    question = ada.post()
    assert ada.reply(question).applied == ("pause 14d",)  # one reply more is enough


def test_the_words_that_it_was_not_me_are_no_consent(office: PostOffice, ada: Person) -> None:
    welcomed(ada)
    for wish in ("unsubscribe", "erase", "pause 14d"):
        office.wait(DAY)
        ada.write(NEWS, wish)
        question = ada.post()
        assert question.subject.startswith(f"Re: {wish}")
        for text in ("That was not me!", "No.", "What is this?\nI did not ask for anything."):
            assert ada.reply(question, text).applied == ()
        assert ada.posts() == []
    assert find(office, ada).state is SubscriptionState.CONFIRMED


def test_a_letter_that_is_forwarded_gives_no_power_over_preferences(
    office: PostOffice, ada: Person, mallory: Person
) -> None:
    welcomed(ada)
    office.wait(DAY)
    office.send_letters()
    (letter,) = ada.posts()
    listed = str(letter.message["List-Unsubscribe"])
    token = listed.partition("unsubscribe+")[2].partition("@")[0]
    before = find(office, ada)

    assert "preferences+" not in letter.message.as_string()
    for to in (f"preferences+{token}@news.example.org", f"confirm+{token}@news.example.org"):
        assert mallory.write(to, "", "erase").applied == ()
    for wish in ("erase", "daily", "like 1"):
        assert mallory.reply(letter, wish).applied == ()
    assert find(office, ada) == before
    assert ada.posts() == []


def test_somebody_who_is_asked_again_can_still_take_the_end_back(
    office: PostOffice, ada: Person
) -> None:
    ada.reply(welcomed(ada), "stop")
    goodbye = ada.post()
    office.wait(2 * DAY)
    Person(office, ada.address, "Mallory").write(NEWS, "subscribe")
    assert find(office, ada).state is SubscriptionState.PENDING
    ada.posts()

    assert ada.reply(goodbye).applied == ("undo",)
    assert find(office, ada).state is SubscriptionState.CONFIRMED


def test_a_letters_address_that_we_cannot_read_still_leads_out(
    office: PostOffice, ada: Person
) -> None:
    """The secret may have been lost since."""
    welcomed(ada)

    ada.write(f"unsubscribe+{'a' * 48}@news.example.org", "unsubscribe")
    assert ada.reply(ada.post()).applied == ("unsubscribe",)
    assert find(office, ada).state is SubscriptionState.UNSUBSCRIBED


def test_answers_name_the_address_of_the_token_alone(ada: Person) -> None:
    message = welcomed(ada).message
    assert reply_address(message).startswith("preferences+")
    assert str(message["To"]) == ada.address
