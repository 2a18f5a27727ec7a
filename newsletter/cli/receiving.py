"""The work of `newsletter receive` and `newsletter inbound`."""

import sys

import typer

from newsletter.bootstrap import Newsroom, open_newsroom, receiving
from newsletter.cli.records import moment
from newsletter.cli.session import JsonValue, Session
from newsletter.cli.tables import plain_table
from newsletter.errors import ExitCode
from newsletter.mailboxes import MAX_MESSAGE_BYTES, Piped, read_piped
from newsletter.model import BounceReport, InboundId, InboundKind, InboundMessage, InboundState
from newsletter.rules.inbound import origin_of
from newsletter.workflows import Received, receive_one

_UNKNOWN = "no message has this id; `newsletter inbound --state handled` shows them"


def run_receive(session: Session, sender: str | None, recipient: str | None) -> None:
    """Store the message on standard input, handle it, and say what became of it.

    Whatever goes wrong ends with 75: after any other code an MTA sends the message back.
    """
    try:
        id_, received = _take(session, sender, recipient)
    except Exception as error:  # a mistake in config.yaml, or of ours, must lose no mail
        session.notice(f"{type(error).__name__}: {error}; the message has to come once more")
        raise typer.Exit(ExitCode.TEMPORARY) from error
    _tell(session, id_, received)


def _take(
    session: Session, sender: str | None, recipient: str | None
) -> tuple[InboundId, Received]:
    piped = read_piped(sys.stdin.buffer)
    with open_newsroom(session.config_path) as room:
        id_ = _keep(piped, sender, recipient, room)
        message = room.inbound.get(id_)
        assert message is not None  # noqa: S101 - it was stored just now
        if message.state is InboundState.RECEIVED:
            return id_, receive_one(message, room.inbound, receiving(room))
    if message.state is InboundState.ASIDE:
        return id_, Received(InboundKind.REFUSED, note=message.note)
    return id_, Received(InboundKind.OTHER, note="it came before, and was handled then")


def _keep(piped: Piped, sender: str | None, recipient: str | None, room: Newsroom) -> InboundId:
    """Commit a message; one that is too big is put aside, its beginning only.

    An exit code would make the MTA send it back to whoever it says it is from.
    """
    raw, now = piped.octets, room.clock.now()
    if not piped.is_whole:
        note = f"it has more than {MAX_MESSAGE_BYTES:,} bytes; this is its beginning"
        return room.inbound.store(raw, sender, recipient, now=now, aside=note)
    origin = origin_of(raw, sender, recipient)
    return room.inbound.store(raw, sender, recipient, now=now, origin=origin)


def run_replay(session: Session, number: int) -> None:
    """Look at one message once more, as if it had come just now."""
    with open_newsroom(session.config_path) as room:
        id_ = InboundId(number)
        message = room.inbound.get(id_) if room.inbound.replay(id_) else None
        received = receive_one(message, room.inbound, receiving(room)) if message else None
    if received is None:
        session.notice(f"{number}: {_UNKNOWN}")
        raise typer.Exit(ExitCode.DATA)
    _tell(session, InboundId(number), received)


def run_show(session: Session, number: int) -> None:
    """Write one message as it came."""
    with open_newsroom(session.config_path) as room:
        message = room.inbound.get(InboundId(number))
    if message is None:
        session.notice(f"{number}: {_UNKNOWN}")
        raise typer.Exit(ExitCode.DATA)
    sys.stdout.buffer.write(message.raw)


def run_inbound(session: Session, state: str) -> None:
    """List messages in one state, the newest first."""
    with open_newsroom(session.config_path) as room:
        messages = room.inbound.find(InboundState(state))
    if session.wants_json:
        session.write_json([_record(one) for one in messages])
        return
    if not messages:
        session.say(f"No message is {state}.")
        return
    rows = [
        (
            str(one.id),
            f"{one.received_at:%Y-%m-%d %H:%M}",
            one.sender if one.sender is not None else "?",
            one.recipient or "?",
            one.note,
        )
        for one in messages
    ]
    columns = ("Id", "Came (UTC)", "From", "To", "What became of it")
    session.say(plain_table(f"Messages {state}", columns, rows))


def _tell(session: Session, id_: InboundId, received: Received) -> None:
    if session.wants_json:
        session.write_json(_received_record(received))
    elif received.kind is InboundKind.REFUSED:
        session.notice(f"Message {id_} is set aside: {received.note}")
    else:
        rest = "answered" if received.is_answered else "nothing to do"
        done = ", ".join(received.applied) or received.note or rest
        session.say(f"Message {id_} ({received.kind}): {done}.")


def _received_record(received: Received) -> JsonValue:
    return {
        "kind": str(received.kind),
        "subscriber": received.subscriber,
        "commands": list(received.commands),
        "applied": list(received.applied),
        "refused": [{"line": line, "reason": reason} for line, reason in received.refused],
        "answered": received.is_answered,
        "bounce": _bounce_record(received.bounce) if received.bounce else None,
        "note": received.note,
    }


def _bounce_record(bounce: BounceReport) -> JsonValue:
    return {
        "class": str(bounce.kind),
        "status": bounce.status,
        "recipient": bounce.recipient,
    }


def _record(message: InboundMessage) -> JsonValue:
    return {
        "id": message.id,
        "received_at": moment(message.received_at),
        "sender": message.sender,
        "recipient": message.recipient,
        "state": str(message.state),
        "tries": message.tries,
        "size_bytes": len(message.raw),
        "note": message.note,
    }
