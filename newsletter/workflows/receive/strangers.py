"""The wishes of a message that came without a token: anybody may have written it in anybody's name."""

from collections.abc import Sequence

from newsletter.errors import PreferencesError
from newsletter.model import (
    Answer,
    Command,
    CommandName,
    EmailAddress,
    InboundKind,
    InboundMail,
    KeyPurpose,
    Misunderstanding,
    ReplyKind,
    Subscriber,
    SubscriptionState,
)
from newsletter.rules.addresses import address_key
from newsletter.rules.answering import (
    ask_to_reply,
    ask_what_was_meant,
    say_not_subscribed,
    write_command,
)
from newsletter.rules.inbound import dmarc_passed
from newsletter.workflows.receive.commanding import answer_question
from newsletter.workflows.receive.joining import ask
from newsletter.workflows.receive.leaving import leave
from newsletter.workflows.receive.ports import Received, ReceivePorts
from newsletter.workflows.receive.posting import Occasion, make_ticket, may_answer, post
from newsletter.workflows.receive.voting import is_proved_vote, vote_at_once

Wish = Command | Misunderstanding


def serve(
    mail: InboundMail, wishes: Sequence[Wish], ports: ReceivePorts, on: Occasion, evidence: str
) -> Received:
    """Answer what anybody may ask, ask for a confirmation, and have everything else proved first.

    Nothing changes but that somebody is asked; only leaving is obeyed at once where the sender's
    own domain vouches for the message to a server that we believe, and votes on the entries of a letter
    where the answer names it.
    """
    sender = mail.from_address
    assert sender is not None  # noqa: S101 - who has no address is not served
    commands = [one for one in wishes if isinstance(one, Command)]
    names = tuple(str(one.name) for one in commands)
    received = Received(InboundKind.COMMAND, commands=names)
    joining = [one for one in commands if one.name is CommandName.SUBSCRIBE]
    if joining:
        return _join(sender, joining, ports, on, evidence, received)
    person = ports.subscribing.subscribers.find(address_key(sender))
    leaving = [one for one in commands if one.name is CommandName.UNSUBSCRIBE]
    if leaving and person and _is_vouched_for(mail, ports):
        leave(person, ports, on, evidence=evidence)
        return _with(received, applied=("unsubscribe",), person=person, is_answered=True)
    if not may_answer(sender, ports.post):
        return _with(received, note="the address had its answers of the day")
    answer = _answer(commands, wishes, person, ports)
    if isinstance(answer, Subscriber) and is_proved_vote(answer, wishes, mail, ports):
        thanks = vote_at_once(answer, commands, mail, ports)
        is_posted = post(thanks, ReplyKind.ANSWER, answer, ports.post, on=on)
        applied = tuple(map(write_command, commands))
        return _with(received, applied=applied, person=answer, is_answered=is_posted)
    if isinstance(answer, Answer):
        is_posted = post(answer, ReplyKind.ANSWER, sender, ports.post, on=on)
        return _with(received, is_answered=is_posted)
    return _ask_for_proof(answer, commands, ports, on, received)


def _join(
    sender: EmailAddress,
    joining: Sequence[Command],
    ports: ReceivePorts,
    on: Occasion,
    evidence: str,
    received: Received,
) -> Received:
    topics = tuple(dict.fromkeys(topic for one in joining for topic in one.arguments))
    try:
        is_asked = ask(sender, topics, ports, evidence=evidence, on=on)
    except PreferencesError as error:
        if not may_answer(sender, ports.post):
            return _with(received, note="the address had its answers of the day")
        line = joining[-1].line
        wrong = Misunderstanding(line, "subscribe", str(error))
        answer = ask_what_was_meant(ports.office, [wrong])
        is_posted = post(answer, ReplyKind.ANSWER, sender, ports.post, on=on)
        return _with(received, refused=((line, str(error)),), is_answered=is_posted)
    note = "" if is_asked else "the address was asked lately, or must not be mailed"
    applied = ("subscribe",) if is_asked else ()
    return _with(received, applied=applied, is_answered=is_asked, note=note)


def _answer(
    commands: Sequence[Command],
    wishes: Sequence[Wish],
    person: Subscriber | None,
    ports: ReceivePorts,
) -> Answer | Subscriber:
    """Return the answer, or the subscriber whose wish has to be proved with one reply more."""
    for one in commands:
        answer = answer_question(one, ports)
        if answer:
            return answer
    if not commands:
        unread = [one for one in wishes if isinstance(one, Misunderstanding)]
        return ask_what_was_meant(ports.office, unread)
    if person is None or person.state is not SubscriptionState.CONFIRMED:
        return say_not_subscribed(ports.office)
    return person


def _ask_for_proof(
    person: Subscriber,
    commands: Sequence[Command],
    ports: ReceivePorts,
    on: Occasion,
    received: Received,
) -> Received:
    ticket = make_ticket(person, KeyPurpose.PREFERENCES, ports.post)
    is_posted = post(
        ask_to_reply(ports.office, commands),
        ReplyKind.ANSWER,
        person,
        ports.post,
        ticket=ticket,
        on=on,
    )
    return _with(received, person=person, is_answered=is_posted, note="one reply more is needed")


def _is_vouched_for(mail: InboundMail, ports: ReceivePorts) -> bool:
    return dmarc_passed(mail, ports.authserv_id) is not None


def _with(
    received: Received,
    *,
    person: Subscriber | None = None,
    applied: tuple[str, ...] = (),
    refused: tuple[tuple[int, str], ...] = (),
    is_answered: bool = False,
    note: str = "",
) -> Received:
    return Received(
        received.kind,
        person.id if person else None,
        received.commands,
        applied,
        refused,
        is_answered,
        note=note,
    )
