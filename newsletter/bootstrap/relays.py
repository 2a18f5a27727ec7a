"""The way out of one run: the configured relays, or the trial server inside the program."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from newsletter.bootstrap.clocks import SystemClock
from newsletter.bootstrap.mail_hosts import finding_mail_hosts
from newsletter.bootstrap.newsroom import Newsroom
from newsletter.config import EMBEDDED, RelaySettings
from newsletter.ports import AskForMailHosts, Transport
from newsletter.transports import (
    Mechanism,
    Protocol,
    Relay,
    RelayGate,
    RelayGroup,
    RelayShare,
    SmtpTransport,
    Timeouts,
    Tls,
)

_WITH_OTHERS: Final = Timeouts(connect=timedelta(seconds=30))
"""Where another relay stands by, nobody waits for minutes for one that does not answer."""
_TRIAL_TIMEOUTS = Timeouts(connect=timedelta(seconds=10))


@contextmanager
def open_relay(room: Newsroom, ask: AskForMailHosts | None = None) -> Iterator[Transport]:
    """Yield the transport; on leaving, the pages of letters received on trial are written.

    Meanwhile it is found out which domains share a lane, where the settings want that: asked of
    `ask`, or learned from what other processes ask.
    """
    relays = room.config.delivery.relays
    if relays == EMBEDDED or isinstance(relays, str):
        yield from _on_trial(room)
        return
    timeouts = _WITH_OTHERS if len(relays) > 1 else Timeouts()
    with finding_mail_hosts(room, ask):
        yield RelayGroup([_share(settings, room, timeouts) for settings in relays])


def _share(settings: RelaySettings, room: Newsroom, timeouts: Timeouts) -> RelayShare:
    relay = make_relay(settings, room)
    connections = settings.connections or room.config.delivery.connections
    transport = SmtpTransport(relay, connections=connections, timeouts=timeouts)
    gate = None
    if (
        settings.per_minute and len(room.config.delivery.relays) > 1
    ):  # one alone sets the pace of all
        gate = RelayGate(relay.name, settings.per_minute, room.throttles, SystemClock())
    return RelayShare(relay.name, transport, settings.weight, connections, gate)


def make_relay(settings: RelaySettings, room: Newsroom) -> Relay:
    """Return where and how to hand letters over; raises ConfigError when a secret is missing."""
    return Relay(
        host=settings.host or "localhost",
        socket_path=settings.socket,
        port=settings.port_number,
        protocol=Protocol(settings.protocol.value),
        tls=Tls(settings.encryption.value),
        username=settings.username,
        password=settings.password.read() if settings.password else None,
        helo_name=room.dressing.letterhead.domain,
        # The config lets a password go unencrypted to this machine only, and says so elsewhere.
        sends_password_in_clear=bool(settings.password or settings.token),
        mechanism=Mechanism(settings.auth.value) if settings.auth else None,
        read_token=settings.token.read if settings.token else None,
        messages_per_connection=settings.messages_per_connection,
    )


def _on_trial(room: Newsroom) -> Iterator[Transport]:
    # Late: with a relay of his own nobody needs the server inside the program.
    from newsletter.mailboxes import TrialServer, write_pages  # noqa: PLC0415

    received = room.received
    assert received is not None  # noqa: S101 - the caller looked at the same setting
    server = TrialServer(received)
    port = server.start()
    try:
        yield SmtpTransport(
            Relay("127.0.0.1", port, helo_name=room.dressing.letterhead.domain),
            timeouts=_TRIAL_TIMEOUTS,
        )
    finally:
        server.stop()
        write_pages(received)
