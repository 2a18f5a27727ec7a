"""What would stop a provider from accepting our mail: relay, keys, and what the DNS says of us."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

from newsletter.bootstrap.newsroom import Newsroom
from newsletter.bootstrap.relays import make_relay
from newsletter.config import EMBEDDED
from newsletter.errors import ConfigError
from newsletter.model import DnsAnswer, Finding, Verdict
from newsletter.rules.addresses import domain_of
from newsletter.rules.deliverability import judge_bounce_domain, judge_dmarc, judge_spf
from newsletter.transports import (
    DkimKey,
    Relay,
    Timeouts,
    check_record,
    load_key,
    look_up,
    probe,
    record_name,
)

_PATIENCE: Final = timedelta(seconds=10)
_PROBE_TIMEOUTS: Final = Timeouts(connect=_PATIENCE, greeting=_PATIENCE, command=_PATIENCE)
_CHECK_RELAY: Final = "check host, port, tls, username and password under delivery.relays"

LookUp = Callable[[str, str], DnsAnswer]


def _relays(room: Newsroom) -> Iterator[Finding]:
    relays = room.config.delivery.relays
    if relays == EMBEDDED or isinstance(relays, str):
        remedy = "name a relay under delivery.relays to reach anybody else"
        yield Finding("relay", Verdict.WARN, "the trial server inside the program", remedy)
        return
    for settings in relays:
        yield from examine_relay(make_relay(settings, room), _PROBE_TIMEOUTS)


def examine_relay(relay: Relay, timeouts: Timeouts) -> Iterator[Finding]:
    """Go in step by step and say where it ended, with the server's words. Nothing is sent."""
    for step in asyncio.run(probe(relay, timeouts)):
        subject = f"relay {relay.name}, {step.name}"
        if step.is_well:
            yield Finding(subject, Verdict.OK, step.words or "passed")
        else:
            yield Finding(subject, Verdict.BAD, step.words, _CHECK_RELAY)


def _records(room: Newsroom) -> Iterator[Finding]:
    """Ask the DNS, unless letters go to the trial server, where nobody looks."""
    if room.config.delivery.relays != EMBEDDED:
        yield from examine_records(room, look_up)


def examine_records(room: Newsroom, ask: LookUp) -> Iterator[Finding]:
    """Judge SPF, DMARC, the bounce domain and every DKIM key by what `ask` answers."""
    head = room.dressing.letterhead
    from_domain = domain_of(head.from_address)
    yield judge_spf(head.domain, ask(head.domain, "TXT"))
    yield judge_dmarc(from_domain, ask(f"_dmarc.{from_domain}", "TXT"))
    addresses = DnsAnswer((*ask(head.domain, "A").records, *ask(head.domain, "AAAA").records))
    yield judge_bounce_domain(head.domain, ask(head.domain, "MX"), addresses)
    yield from _keys(room, ask)


def _keys(room: Newsroom, ask: LookUp) -> Iterator[Finding]:
    if not room.config.delivery.dkim:
        remedy = 'make a key with "newsletter dkim new s1", unless your relay signs for you'
        yield Finding("DKIM", Verdict.WARN, "letters are not signed here", remedy)
    for settings in room.config.delivery.dkim:
        subject = f"DKIM {settings.selector}"
        try:
            key = load_key(settings.selector, settings.domain, settings.key.read())
        except ConfigError as error:
            yield Finding(subject, Verdict.BAD, str(error), "mend delivery.dkim")
        else:
            yield from _key(subject, key, ask)


def _key(subject: str, key: DkimKey, ask: LookUp) -> Iterator[Finding]:
    answer = ask(record_name(key), "TXT")
    if answer.trouble:
        fact = f"could not be looked up: {answer.trouble}"
        yield Finding(subject, Verdict.WARN, fact, "ask again online")
        return
    faults = check_record(key, answer.records[0] if answer.records else "")
    yield from (Finding(subject, Verdict.BAD, fault.fact, fault.remedy) for fault in faults)
    if not faults:
        yield Finding(subject, Verdict.OK, f"{record_name(key)} holds our {key.kind} key")


MAIL_LOOKS: Final[tuple[Callable[[Newsroom], Iterator[Finding]], ...]] = (_relays, _records)
