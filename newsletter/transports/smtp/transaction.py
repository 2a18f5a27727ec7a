"""One message over one session: MAIL, RCPT, DATA, the body and its final dot."""

from datetime import timedelta
from typing import Final

from newsletter.model import Envelope, Receipt, ReceiptKind, SmtpPhase
from newsletter.ports import BeginData
from newsletter.rules.retry import classify, lost_connection
from newsletter.transports.smtp.handshake import judge
from newsletter.transports.smtp.relay import Timeouts
from newsletter.transports.smtp.replies import Reply
from newsletter.transports.smtp.session import Session
from newsletter.transports.smtp.wire import BLOCK_BYTES, WireError
from newsletter.transports.smtp.wording import body_of, mail_command, rcpt_command, refuse

FINAL_DOT: Final = b".\r\n"

Steps = tuple[tuple[SmtpPhase, bytes, timedelta], ...]


async def transact(
    session: Session, envelope: Envelope, begin_data: BeginData, timeouts: Timeouts
) -> Receipt:
    """Carry one message over `session` and return what came of it; never raises WireError.

    A session that cannot go on is retired. `begin_data` is awaited once, when everything but the last
    block and the final dot is written; what it raises is raised, after the connection was dropped.
    """
    refusal = refuse(envelope, session.extensions)
    if refusal:
        return refusal
    try:
        refusal = await _announce(session, envelope, timeouts)
        return refusal or await _transfer(session, envelope, begin_data, timeouts)
    except WireError as error:
        drop(session)
        return lost_connection(session.phase, str(error))
    except BaseException:  # whatever stops us here, nobody may send the dot afterwards
        drop(session)
        raise


def drop(session: Session) -> None:
    """End the conversation without another word, so that the server discards the message."""
    session.is_retired = True
    session.wire.abort()


async def _announce(session: Session, envelope: Envelope, timeouts: Timeouts) -> Receipt | None:
    """Go up to the 354 of DATA; return a receipt when somebody refused before.

    Where the server can, all three commands go out at once (RFC 2920 section 3.1).
    """
    mail, rcpt = mail_command(envelope, session.extensions), rcpt_command(envelope)
    steps = (
        (SmtpPhase.MAIL, mail, timeouts.command),
        (SmtpPhase.RCPT, rcpt, timeouts.command),
        (SmtpPhase.DATA, b"DATA", timeouts.data),
    )
    if "PIPELINING" not in session.extensions:
        return await _step_by_step(session, steps, timeouts)
    session.phase = SmtpPhase.MAIL
    session.wire.write(b"%b\r\n%b\r\nDATA\r\n" % (mail, rcpt))
    return await _all_at_once(session, steps, timeouts)


async def _step_by_step(session: Session, steps: Steps, timeouts: Timeouts) -> Receipt | None:
    for phase, command, timeout in steps:
        reply = await session.ask(phase, command, timeout)
        if not _is_agreed(phase, reply):
            await session.reset(timeouts.quit)
            return judge(phase, reply)
    return None


async def _all_at_once(session: Session, steps: Steps, timeouts: Timeouts) -> Receipt | None:
    refusal: Receipt | None = None
    for phase, _, timeout in steps:
        try:
            reply = await session.listen(phase, timeout)
        except WireError:
            if refusal is None:
                raise
            drop(session)
            return refusal
        if not _is_agreed(phase, reply):
            refusal = refusal or judge(phase, reply)
        elif phase is SmtpPhase.DATA and refusal:
            await _send_nothing(session, timeouts)
        if session.is_retired:
            return refusal or judge(phase, reply)
    if refusal:
        await session.reset(timeouts.quit)
    return refusal


async def _send_nothing(session: Session, timeouts: Timeouts) -> None:
    """Answer a 354 that came although the recipient was refused (RFC 2920 section 3.1).

    In LMTP it may not come, and a dot for nobody would be answered with nothing (RFC 2033 section 4.2).
    """
    if session.is_lmtp:
        drop(session)
        return
    try:
        await session.ask(SmtpPhase.DATA, b".", timeouts.data)
    except WireError:
        drop(session)


def _is_agreed(phase: SmtpPhase, reply: Reply) -> bool:
    return reply.is_intermediate if phase is SmtpPhase.DATA else reply.is_positive


async def _transfer(
    session: Session, envelope: Envelope, begin_data: BeginData, timeouts: Timeouts
) -> Receipt:
    """Send the body and, once it is permitted, its last block together with the final dot.

    One write for both: a small letter is one packet train, and its reader is woken once.
    """
    wire = session.wire
    session.phase = SmtpPhase.BODY
    body = body_of(envelope)
    last = (len(body) - 1) // BLOCK_BYTES * BLOCK_BYTES
    if last:
        await wire.write_blocks(body[:last], timeouts.block)
    if wire.has_spoken:
        return await _interrupted(session, timeouts)
    if not await begin_data():
        drop(session)
        return Receipt(ReceiptKind.WITHHELD, SmtpPhase.BODY, text="withheld before the final dot")
    if wire.has_spoken:
        return await _interrupted(session, timeouts)
    if not await wire.write_out(body[last:] + FINAL_DOT, timeouts.block):
        return await _interrupted(session, timeouts)  # the dot never left us
    reply = await session.listen(SmtpPhase.END_OF_DATA, timeouts.end_of_data)
    if reply.is_intermediate:  # no answer to a dot: nobody knows what became of the message
        drop(session)
        return lost_connection(SmtpPhase.END_OF_DATA, f"unexpected reply {reply.code}")
    return classify(SmtpPhase.END_OF_DATA, reply.code, reply.text)


async def _interrupted(session: Session, timeouts: Timeouts) -> Receipt:
    """The server spoke before the final dot: nothing was taken, and it will not listen further."""
    reply = await session.listen(SmtpPhase.BODY, timeouts.command)
    drop(session)
    return judge(SmtpPhase.BODY, reply)
