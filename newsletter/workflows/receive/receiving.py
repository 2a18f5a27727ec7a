"""One message, from its bytes to what it changed and the one answer to it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from newsletter.errors import InboundError
from newsletter.model import (
    Command,
    CommandName,
    InboundKind,
    InboundMail,
    InboundMessage,
    KeyPurpose,
    Misunderstanding,
    ReplyKind,
    Subscriber,
    SubscriptionState,
)
from newsletter.rules.answering import forward_to_owner, say_erased, say_too_late
from newsletter.rules.commands import agrees, read_commands, without_prefixes
from newsletter.rules.inbound import (
    Destination,
    Purpose,
    classify,
    envelope_token,
    must_not_answer,
    read_mail,
)
from newsletter.rules.plain_lines import own_lines
from newsletter.workflows.receive.bouncing import take_bounce, take_complaint
from newsletter.workflows.receive.commanding import answer_to, obey
from newsletter.workflows.receive.joining import confirm, find_open_key
from newsletter.workflows.receive.leaving import leave, leave_by_letter
from newsletter.workflows.receive.ports import Received, ReceivePorts
from newsletter.workflows.receive.posting import (
    Occasion,
    make_ticket,
    may_answer,
    may_forward,
    post,
)
from newsletter.workflows.receive.strangers import serve
from newsletter.workflows.receive.submitting import take_submission
from newsletter.workflows.receive.undoing import undo

_EVIDENCE_CHARACTERS: Final = 800


def receive(message: InboundMessage, ports: ReceivePorts) -> Received:
    """Do what a message asks for, as far as it may, and post at most one answer.

    Complaint, bounce and auto-reply are told apart first, in this order; what was sent to a
    letter's unsubscribe token is obeyed whoever wrote it, and what was sent to the address of a
    source is kept for it. Doing it twice for one message is harmless.
    Raises StorageError where it has to be tried again.
    """
    try:
        mail = read_mail(message)
    except InboundError as error:
        return Received(InboundKind.REFUSED, note=str(error))
    kind = classify(mail, ports.own)
    destination = envelope_token(mail, ports.own)
    if kind is InboundKind.COMPLAINT:
        return take_complaint(mail, destination, ports)
    handled = _leave_by_letter(mail, kind, destination, ports) or _of_program(
        message, mail, kind, destination, ports
    )
    if handled is not None:
        return handled
    on = Occasion(message.id, mail.message_id, mail.references)
    return _of_a_person(mail, destination, ports, on)


def _of_program(
    message: InboundMessage,
    mail: InboundMail,
    kind: InboundKind,
    destination: Destination | None,
    ports: ReceivePorts,
) -> Received | None:
    """Take what programs write, and what is meant for a source; None: a person's mail to us."""
    if kind is InboundKind.BOUNCE:
        return take_bounce(mail, destination, ports)
    taken = take_submission(message, mail, destination, ports)
    if taken is not None:
        return taken
    if kind is not InboundKind.OTHER or must_not_answer(mail, ports.own):
        return Received(InboundKind.AUTO_REPLY, note="written by a program, or nobody to answer")
    return None


def _leave_by_letter(
    mail: InboundMail, kind: InboundKind, destination: Destination | None, ports: ReceivePorts
) -> Received | None:
    """Obey the token of a letter; None where there is none of ours, then it is a mail like others."""
    token = destination.token if destination else None
    if destination is None or token is None or destination.purpose is not Purpose.UNSUBSCRIBE:
        return None
    person = leave_by_letter(token, ports, how=f"by mail {mail.message_id or 'without an id'}")
    if person is None:
        return None
    told = kind if kind is InboundKind.AUTO_REPLY else InboundKind.COMMAND
    names = (str(CommandName.UNSUBSCRIBE),)
    return Received(told, person.id, names, names)


def _of_a_person(
    mail: InboundMail, destination: Destination | None, ports: ReceivePorts, on: Occasion
) -> Received:
    obeyed = _BY_TOKEN.get(destination.purpose) if destination and destination.token else None
    if destination and destination.token and obeyed:
        return obeyed(mail, destination.token, ports, on)
    wishes = read_commands(mail, topics=ports.catalogue)
    if destination and destination.purpose in _SPEAKING and not wishes:
        wishes = (Command(_SPEAKING[destination.purpose]),)
    is_read = destination is not None and destination.purpose not in _FOR_THE_OWNER
    if not wishes or not is_read:
        return _forward(mail, ports, on)
    return serve(mail, wishes, ports, on, _evidence(mail))


def _confirm(mail: InboundMail, token: str, ports: ReceivePorts, on: Occasion) -> Received:
    key = find_open_key(token, KeyPurpose.CONFIRM, ports)
    commands = tuple(one for one in read_commands(mail) if isinstance(one, Command))
    person = ports.subscribing.subscribers.get(key.subscriber) if key else None
    if person and any(one.name is CommandName.UNSUBSCRIBE for one in commands):
        leave(person, ports, on, evidence=_evidence(mail))
        names = (str(CommandName.UNSUBSCRIBE),)
        return Received(InboundKind.COMMAND, person.id, names, names, is_answered=True)
    if key is not None and not agrees(mail):
        return _forward(mail, ports, on)
    confirmed = confirm(token, ports, evidence=_evidence(mail), on=on) if key else None
    names = (str(CommandName.CONFIRM),)
    if confirmed:
        return Received(InboundKind.COMMAND, confirmed.id, names, names, is_answered=True)
    return _too_late(mail, names, ports, on)


def _undo(mail: InboundMail, token: str, ports: ReceivePorts, on: Occasion) -> Received:
    names = ("undo",)
    done = undo(token, ports, evidence=_evidence(mail), on=on)
    if done:
        return Received(InboundKind.COMMAND, done[1].id, names, names, is_answered=True)
    return _too_late(mail, names, ports, on)


def _too_late(
    mail: InboundMail, names: tuple[str, ...], ports: ReceivePorts, on: Occasion
) -> Received:
    received = Received(
        InboundKind.COMMAND, commands=names, note="the token is used, over or not ours"
    )
    sender = mail.from_address
    if sender is None or not may_answer(sender, ports.post):
        return received
    answer = say_too_late(ports.office)
    return replace(received, is_answered=post(answer, ReplyKind.ANSWER, sender, ports.post, on=on))


def _change(mail: InboundMail, token: str, ports: ReceivePorts, on: Occasion) -> Received:
    """Do what the holder of a preferences token asks for; without a valid one as a stranger's."""
    wishes = _meant(mail, read_commands(mail, topics=ports.catalogue))
    key = find_open_key(token, KeyPurpose.PREFERENCES, ports)
    person = ports.subscribing.subscribers.get(key.subscriber) if key else None
    if person is None or person.state is not SubscriptionState.CONFIRMED:
        return (
            serve(mail, wishes, ports, on, _evidence(mail)) if wishes else _forward(mail, ports, on)
        )
    names = tuple(str(one.name) for one in wishes if isinstance(one, Command))
    for name, end in ((CommandName.ERASE, _erase), (CommandName.UNSUBSCRIBE, _leave)):
        if name in names:
            end(person, mail, ports, on)
            return Received(InboundKind.COMMAND, person.id, names, (str(name),), is_answered=True)
    outcome = obey(person, mail, wishes, ports)
    answer = answer_to(outcome, ports)
    received = Received(
        InboundKind.COMMAND, person.id, names, tuple(outcome.applied), tuple(outcome.refused)
    )
    if answer is None:
        return _forward(mail, ports, on)
    if not may_answer(person.address, ports.post):
        return replace(received, note="the address had its answers of the day")
    ticket = make_ticket(person, KeyPurpose.PREFERENCES, ports.post)
    is_posted = post(
        answer,
        ReplyKind.ANSWER,
        person,
        ports.post,
        ticket=ticket,
        on=on,
    )
    return replace(received, is_answered=is_posted)


def _meant(
    mail: InboundMail, wishes: tuple[Command | Misunderstanding, ...]
) -> tuple[Command | Misunderstanding, ...]:
    """Leave out a command that only the subject of an answer repeats, unless the text says yes to it.

    Our question carries the command in its subject; "that was not me" is an answer to it as well.
    """
    is_repeated = without_prefixes(mail.subject) != mail.subject
    is_alone = all(wish.line == 0 for wish in wishes)
    return () if is_repeated and is_alone and not agrees(mail) else wishes


def _leave(person: Subscriber, mail: InboundMail, ports: ReceivePorts, on: Occasion) -> None:
    leave(person, ports, on, evidence=_evidence(mail))


def _erase(person: Subscriber, _: InboundMail, ports: ReceivePorts, on: Occasion) -> None:
    ports.erase(person)
    # Posted afterwards, so that it is not erased with the rest; it names no subscriber.
    post(say_erased(ports.office), ReplyKind.ANSWER, person.address, ports.post, on=on)


def _forward(mail: InboundMail, ports: ReceivePorts, on: Occasion) -> Received:
    """Pass a mail that is no command on to the owner, who may answer it."""
    if not may_forward(ports.post):
        note = "not passed on: the owner had enough mails today"
        return Received(InboundKind.REFUSED, note=note)
    text = "\n".join(line.text for line in own_lines(mail))
    owner = ports.post.head.owner
    answer = forward_to_owner(ports.office, mail, text)
    post(answer, ReplyKind.FORWARD, owner, ports.post, reply_to=mail.from_address, on=on)
    return Received(InboundKind.OTHER, note="passed on to the owner")


def _evidence(mail: InboundMail) -> str:
    """Return what is kept of a message that changes a consent."""
    vouched = next(iter(mail.fields.get("authentication-results", ())), "")
    return f"mail {mail.message_id or 'without an id'}; {vouched}"[:_EVIDENCE_CHARACTERS]


_ByToken = Callable[[InboundMail, str, ReceivePorts, Occasion], Received]

_BY_TOKEN: Final[Mapping[Purpose, _ByToken]] = {
    Purpose.CONFIRM: _confirm,
    Purpose.PREFERENCES: _change,
    Purpose.UNDO: _undo,
}
_SPEAKING: Final[Mapping[Purpose, CommandName]] = {
    Purpose.SUBSCRIBE: CommandName.SUBSCRIBE,
    Purpose.UNSUBSCRIBE: CommandName.UNSUBSCRIBE,
    Purpose.HELP: CommandName.HELP,
}
"""What an empty mail to an address means."""
_FOR_THE_OWNER: Final = frozenset(
    {Purpose.POSTMASTER, Purpose.ABUSE, Purpose.BOUNCE, Purpose.SUBMIT}
)
