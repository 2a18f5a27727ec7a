"""A person who has only a mail program: from the first mail to the last, over real sockets."""

from datetime import timedelta

from newsletter.model import InboundKind
from tests.mail_in.post_office import Person, PostOffice

DAY = timedelta(days=1)
NEWS = "news@news.example.org"


def test_from_subscribing_to_leaving(office: PostOffice, ada: Person) -> None:
    office.send_letters()  # entries are collected before anybody comes

    asked = ada.write(NEWS, "subscribe", 'subscribe reinforcement learning, "safety guardrail"')
    assert asked.kind is InboundKind.COMMAND
    question = ada.post()
    assert "confirm" in question.subject.lower()
    assert question.reply_to.startswith("confirm+")

    confirmed = ada.reply(question)
    assert confirmed.applied == ("confirm",)
    welcome = ada.post()
    assert "# BEGIN PREFERENCES" in welcome.text
    assert "email: ada@example.org" in welcome.text
    assert "reinforcement" in welcome.text

    edited = ada.edit(welcome, "email: ada@example.org", "email: ada@example.org\n> name: Ada L.")
    assert edited.applied == ("set",), edited
    changed = ada.post()
    assert "name: + Ada L." in changed.text

    at_most = ada.reply(changed, "at most 3\nweekdays at 08:00 Europe/Paris")
    assert len(at_most.applied) == 2, at_most
    changed = ada.post()
    assert "at_most: 3" in changed.text

    office.wait(DAY)
    office.send_letters()
    (letter,) = ada.posts()
    assert letter.sender.startswith("bounce+")
    assert "guardrail" in letter.text.lower() or "reinforcement" in letter.text.lower()

    assert ada.reply(changed, "pause 14d").applied == ("pause 14d",)
    paused = ada.post()
    assert "paused" in paused.subject.lower()
    office.wait(DAY)
    office.send_letters()
    assert ada.posts() == []

    assert ada.reply(paused, "why").applied == ("why",)
    why = ada.post()
    assert "paused until" in why.text.lower()

    assert ada.reply(why, "resume").applied == ("resume",)
    resumed = ada.post()
    assert "come again" in resumed.subject

    assert ada.reply(resumed, "stop").applied == ("unsubscribe",)
    goodbye = ada.post()
    assert goodbye.reply_to.startswith("undo+")
    office.wait(DAY)
    office.send_letters()
    assert ada.posts() == []

    assert ada.reply(goodbye).applied == ("undo",)
    assert "Welcome back" in ada.post().subject
