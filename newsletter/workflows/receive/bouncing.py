"""Letters that come back, and complaints: what they say of an address, and when it is enough."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from hmac import compare_digest
from typing import Final

from newsletter.model import (
    AddressKey,
    BounceReport,
    EditionId,
    EmailAddress,
    InboundKind,
    InboundMail,
    ReplyKind,
    SubscriberId,
    SubscriptionState,
    Suppression,
    SuppressionCause,
)
from newsletter.rules.addresses import (
    TokenPurpose,
    address_key,
    message_id,
    read_letter_token,
    read_verp,
)
from newsletter.rules.answering import probe
from newsletter.rules.bounces import (
    Bounced,
    BounceStanding,
    BounceVerdict,
    ComplaintReport,
    read_bounce,
    read_complaint,
    score,
)
from newsletter.rules.inbound import Destination, Purpose
from newsletter.workflows.receive.ports import Received, ReceivePorts
from newsletter.workflows.receive.posting import post

_ID_LENGTH: Final = 20
_TOKEN: Final = re.compile(r"[a-z2-7]{48}", re.IGNORECASE)


def take_bounce(
    mail: InboundMail, destination: Destination | None, ports: ReceivePorts
) -> Received:
    """Count a bounce for the address whose message came back, by the token in its sender alone.

    A report without a token of ours, or for a message that is not known, changes nothing.
    """
    report = read_bounce(mail)
    name = _returned(destination, ports)
    if report is None or name is None:
        return Received(InboundKind.BOUNCE, bounce=report, note="a bounce without a token of ours")
    whose = _whose(name, ports)
    if whose is None:
        return Received(InboundKind.BOUNCE, bounce=report, note="a bounce of an unknown message")
    person, address, of = whose
    note = _count(person, address, report, of, ports)
    return Received(InboundKind.BOUNCE, person, bounce=report, note=note)


def take_complaint(
    mail: InboundMail, destination: Destination | None, ports: ReceivePorts
) -> Received:
    """Stop writing to somebody who complained; the token or the Message-ID says who."""
    report = read_complaint(mail)
    names = [_returned(destination, ports), *(_named(report, ports) if report else ())]
    whose = next(filter(None, (_whose(name, ports) for name in names if name)), None)
    if report is None or whose is None:
        return Received(InboundKind.COMPLAINT, note="a complaint about an unknown message")
    person, address, _ = whose
    if not report.is_abuse:
        return Received(InboundKind.COMPLAINT, person, note="not about abuse: nothing is changed")
    detail = "The provider passed on a complaint."
    _suppress(address, SuppressionCause.COMPLAINT, detail, person, ports)
    return Received(InboundKind.COMPLAINT, person, applied=("suppressed",))


def _returned(destination: Destination | None, ports: ReceivePorts) -> EditionId | None:
    """Return what came back, as the token in the recipient names it."""
    if destination is None or destination.purpose is not Purpose.BOUNCE or not destination.token:
        return None
    address = f"bounce+{destination.token}@{ports.post.head.domain}"
    return read_verp(address, ports.post.secrets)


def _named(report: ComplaintReport, ports: ReceivePorts) -> Iterator[EditionId | None]:
    """Yield what a complaint is about: by a token in its message, or by a Message-ID of ours."""
    yield from (read_verp(sender, ports.post.secrets) for sender in report.senders)
    for uri in report.unsubscribe_uris:
        token = _TOKEN.search(uri)
        if token:
            purpose = TokenPurpose.UNSUBSCRIBE
            yield read_letter_token(purpose, token[0], ports.post.secrets)
    if report.message_id:
        yield _of_message_id(report.message_id, ports)


def _of_message_id(written: str, ports: ReceivePorts) -> EditionId | None:
    """Return whose Message-ID that is; nobody can make one up."""
    name = EditionId(written.strip("<>")[:_ID_LENGTH].lower())
    edition = ports.ledger.editions([name]).get(name)
    if edition is not None:
        reader = edition.reader.subscriber
        known = message_id(name, reader, ports.post.secrets, ports.post.head.domain)
        return name if compare_digest(known.encode(), written.encode()) else None
    reply = ports.post.correspondence.posted_as(name)
    return name if reply and compare_digest(reply.message_id.encode(), written.encode()) else None


def _whose(
    name: EditionId, ports: ReceivePorts
) -> tuple[SubscriberId, EmailAddress, Bounced] | None:
    """Return to whom the message of that name went: a letter, or another message of ours."""
    edition = ports.ledger.editions([name]).get(name)
    if edition is not None:
        return edition.reader.subscriber, edition.reader.address, Bounced.LETTER
    reply = ports.post.correspondence.posted_as(name)
    if reply is None or reply.subscriber is None:
        return None
    of = Bounced.PROBE if reply.kind is ReplyKind.PROBE else Bounced.LETTER
    return reply.subscriber, reply.recipient, of


def _count(
    person: SubscriberId,
    address: EmailAddress,
    report: BounceReport,
    of: Bounced,
    ports: ReceivePorts,
) -> str:
    key, now = address_key(address), ports.post.clock.now()
    standing, verdict = score(_standing(key, ports), report.kind, now=now, of=of)
    note = _act(verdict, person, address, report, ports)
    ports.bounces.keep(key, _written(standing))
    return note


def _act(
    verdict: BounceVerdict,
    person: SubscriberId,
    address: EmailAddress,
    report: BounceReport,
    ports: ReceivePorts,
) -> str:
    match verdict:
        case BounceVerdict.SUPPRESS:
            status = f"{report.status} " if report.status else ""
            detail = f"{status}{report.diagnosis}".strip() or "Letters came back."
            _suppress(address, SuppressionCause.BOUNCE, detail, person, ports)
            return "suppressed"
        case BounceVerdict.PROBE:
            return "asked with a probe" if _probe(person, ports) else "counted"
        case BounceVerdict.NOTHING:
            return "counted"


def _suppress(
    address: EmailAddress,
    cause: SuppressionCause,
    detail: str,
    person: SubscriberId,
    ports: ReceivePorts,
) -> None:
    now = ports.post.clock.now()
    ports.subscribing.subscribers.suppress(Suppression(address_key(address), cause, detail, now))
    ports.subscribing.outbox.cancel(person, reason=f"suppressed: {cause}", now=now)


def _probe(person: SubscriberId, ports: ReceivePorts) -> bool:
    """Try an address once more; not that of somebody who gets no letters (any more)."""
    known = ports.subscribing.subscribers.get(person)
    if known is None or known.state is not SubscriptionState.CONFIRMED or known.suppression:
        return False
    return post(probe(ports.office), ReplyKind.PROBE, known, ports.post)


def _standing(key: AddressKey, ports: ReceivePorts) -> BounceStanding:
    text = ports.bounces.standing(key)
    return read_standing(text) if text else BounceStanding()


def read_standing(text: str) -> BounceStanding:
    """Return what is kept of the bounces of one address."""
    return _read(json.loads(text))


def _read(fields: Mapping[str, object]) -> BounceStanding:
    """Read what `_written` wrote; what is missing is as at the beginning."""

    def number(name: str) -> float:
        value = fields.get(name)
        return float(value) if isinstance(value, int | float) else 0.0

    def day(name: str) -> date | None:
        value = fields.get(name)
        return date.fromisoformat(value) if isinstance(value, str) else None

    probed = fields.get("probed_at")
    probed_at = datetime.fromisoformat(probed) if isinstance(probed, str) else None
    return BounceStanding(
        number("points"), day("last_day"), number("day_points"), day("last_hard"), probed_at
    )


def _written(standing: BounceStanding) -> str:
    return json.dumps(asdict(standing), default=lambda value: value.isoformat(), sort_keys=True)
