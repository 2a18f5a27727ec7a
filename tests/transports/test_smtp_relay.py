"""Which relays can be talked to at all."""

import pytest

from newsletter.errors import ConfigError
from newsletter.transports import Relay, SmtpTransport, Tls


def test_a_password_does_not_show_when_a_relay_is_printed() -> None:
    relay = Relay("mx.example", tls=Tls.TLS, username="news", password="open sesame")
    assert "sesame" not in repr(relay)


def test_a_password_needs_tls_unless_the_operator_insists() -> None:
    with pytest.raises(ConfigError, match="a password needs TLS"):
        Relay("mx.example", username="news", password="x")
    relay = Relay("mx.example", username="news", password="x", sends_password_in_clear=True)
    assert relay.name == "mx.example:25"


@pytest.mark.parametrize(
    ("relay", "problem"),
    [
        (lambda: Relay(""), "host is no name"),
        (lambda: Relay("mx\r\n.example"), "host is no name"),
        (lambda: Relay("mx.example", 0), "port 0"),
        (lambda: Relay("mx.example", 65536), "port 65536"),
        (lambda: Relay("mx.example", tls=Tls.TLS, username="news"), "give both or none"),
        (lambda: Relay("mx.example", tls=Tls.TLS, username="a\0b", password="x"), "NUL"),
        (lambda: Relay("mx.example", helo_name="a\r\nMAIL"), "helo name"),
        (lambda: SmtpTransport(Relay("mx.example"), connections=0), "at least 1"),
    ],
)
def test_what_cannot_work_is_an_error_of_the_settings(relay: object, problem: str) -> None:
    assert callable(relay)
    with pytest.raises(ConfigError, match=problem):
        relay()
