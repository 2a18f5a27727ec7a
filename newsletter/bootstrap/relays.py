"""The way out of one run: the configured relay, or the trial server inside the program."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from newsletter.bootstrap.newsroom import Newsroom
from newsletter.config import EMBEDDED, RelaySettings
from newsletter.mailboxes import TrialServer, write_pages
from newsletter.ports import Transport
from newsletter.transports import Relay, SmtpTransport, Timeouts, Tls

_TRIAL_TIMEOUTS = Timeouts(connect=timedelta(seconds=10))


@contextmanager
def open_relay(room: Newsroom) -> Iterator[Transport]:
    """Yield the transport; on leaving, the pages of letters received on trial are written."""
    relays = room.config.delivery.relays
    if relays == EMBEDDED or isinstance(relays, str):
        yield from _on_trial(room)
        return
    yield SmtpTransport(make_relay(relays[0], room), connections=room.config.delivery.connections)


def make_relay(settings: RelaySettings, room: Newsroom) -> Relay:
    """Return where and how to hand letters over; raises ConfigError when a secret is missing."""
    return Relay(
        host=settings.host,
        port=settings.port_number,
        tls=Tls(settings.tls.value),
        username=settings.username,
        password=settings.password.read() if settings.password else None,
        helo_name=room.dressing.letterhead.domain,
        # The config lets a password go unencrypted to this machine only, and says so elsewhere.
        sends_password_in_clear=settings.password is not None,
    )


def _on_trial(room: Newsroom) -> Iterator[Transport]:
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
