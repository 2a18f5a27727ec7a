"""What an operator may write about a relay."""

from pathlib import Path

import pytest

from newsletter.config import DeliverySettings, RelaySettings, read_config
from newsletter.config.delivery import Auth, Protocol, Tls

HEAD = (
    "newsletter:\n  name: Paper Round\n  from: news@example.org\n"
    "  owner: editor@example.org\n  postal_address: 1 Example Street\n"
)


def relay(tmp_path: Path, written: str) -> RelaySettings:
    config = tmp_path / "config.yaml"
    config.write_text(f"{HEAD}delivery: {{relays: [{{{written}}}]}}\n", encoding="utf-8")
    reading = read_config(config)
    assert reading.problems == ()
    assert reading.config
    one = reading.config.delivery.relays[0]
    assert isinstance(one, RelaySettings)
    return one


def complaint(tmp_path: Path, written: str) -> str:
    config = tmp_path / "config.yaml"
    config.write_text(f"{HEAD}delivery: {{relays: [{{{written}}}]}}\n", encoding="utf-8")
    (problem,) = read_config(config).problems
    return str(problem)


def test_a_relay_has_a_weight_and_connections_of_its_own(tmp_path: Path) -> None:
    one = relay(tmp_path, "host: mx, weight: 3, connections: 5, messages_per_connection: 20")
    assert (one.weight, one.connections, one.messages_per_connection) == (3, 5, 20)
    usual = relay(tmp_path, "host: mx")
    assert (usual.weight, usual.connections, usual.messages_per_connection) == (1, None, 100)


def test_lmtp_goes_over_a_port_of_its_own_or_through_a_socket(tmp_path: Path) -> None:
    one = relay(tmp_path, "host: mx, protocol: lmtp, tls: none")
    assert (one.protocol, one.port_number) == (Protocol.LMTP, 24)
    two = relay(tmp_path, "socket: run/lmtp, protocol: lmtp")
    assert (two.socket, two.encryption) == (tmp_path / "run/lmtp", Tls.NONE)


def test_a_token_takes_the_place_of_a_password(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("ya29\n", encoding="utf-8")
    one = relay(tmp_path, "host: mx, username: news, token: {file: token}, auth: xoauth2")
    assert one.token
    assert (one.token.read(), one.auth) == ("ya29", Auth.XOAUTH2)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("port: 25", "needs either the host of a server, or a socket"),
        ("host: mx, socket: /run/lmtp", "needs either the host of a server, or a socket"),
        ("socket: /run/lmtp, port: 24", "a socket has no port"),
        ("socket: /run/lmtp, tls: tls", "a socket of this machine is not encrypted"),
        ("host: mx, username: u", "needs both username and password"),
        ("host: mx, token: x", "needs both username and password"),
        ("host: mx, username: u, password: x, token: y", "a password or a token, not both"),
        ("host: mx, username: u, password: x, auth: xoauth2", "needs a username and a token"),
        ("host: mx, username: u, token: x, auth: login", "needs a username and a password"),
        ("host: mx, auth: plain", "plain needs a username and a password"),
        ("host: mx, tls: none, username: u, token: x", "would send the password unencrypted"),
        ("host: mx, weight: 0", "is no whole number from 1 to 1000"),
        ("host: mx, protocol: esmtp", "is none of smtp | lmtp"),
        ("host: mx, auth: cram-md5", "is none of plain | login | xoauth2"),
    ],
)
def test_a_relay_that_cannot_be_used_is_explained(tmp_path: Path, written: str, said: str) -> None:
    assert said in complaint(tmp_path, written)


def delivery(tmp_path: Path, written: str) -> DeliverySettings:
    config = tmp_path / "config.yaml"
    config.write_text(f"{HEAD}delivery: {{{written}}}\n", encoding="utf-8")
    reading = read_config(config)
    assert reading.problems == ()
    assert reading.config
    return reading.config.delivery


@pytest.mark.parametrize(
    ("written", "per_minute"),
    [
        ("relays: [{host: a}]", None),
        ("relays: [{host: a, per_minute: 60}]", 60),
        ("relays: [{host: a, per_minute: 60}, {host: b, per_minute: 30}]", 90),
        ("relays: [{host: a, per_minute: 60}, {host: b}]", None),
        ("relays: [{host: a, per_minute: 60}], throttle: {per_minute: 20}", 20),
        ("relays: [{host: a, per_minute: 60}], throttle: {per_minute: 200}", 60),
        ("throttle: {per_minute: 20}", 20),
    ],
)
def test_all_together_leave_no_faster_than_all_relays_take_them(
    tmp_path: Path, written: str, per_minute: int | None
) -> None:
    assert delivery(tmp_path, written).limits().per_minute == per_minute


def test_domains_of_one_provider_can_share_a_limit(tmp_path: Path) -> None:
    written = "throttle: {per_domain: {google: 60}, groups: {google: [Gmail.com, googlemail.com]}}"
    limits = delivery(tmp_path, written).limits()
    assert limits.per_domain == {"google": 60}
    assert limits.groups == {"gmail.com": "google", "googlemail.com": "google"}


@pytest.mark.parametrize(
    ("written", "asks"),
    [
        ("relays: [{host: a}]", False),
        ("relays: [{host: a}], throttle: {per_minute: 5}", False),
        ("relays: [{host: a}], throttle: {per_domain: {google.com: 60}}", True),
        ("relays: [{host: a}], throttle: {per_domain: {google.com: 60}, by_mx: false}", False),
        ("relays: [{host: a}], throttle: {by_mx: true}", True),
        ("throttle: {per_domain: {google.com: 60}, by_mx: true}", False),
    ],
)
def test_the_dns_is_asked_where_a_domain_has_a_limit_or_somebody_wants_it(
    tmp_path: Path, written: str, *, asks: bool
) -> None:
    assert delivery(tmp_path, written).groups_by_mx is asks
