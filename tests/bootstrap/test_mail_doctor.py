"""The doctor's look at relay, keys and DNS records, without the internet."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.bootstrap import Newsroom, open_newsroom
from newsletter.bootstrap.mail_doctor import examine_records, examine_relay
from newsletter.config import copy_starter
from newsletter.model import DnsAnswer, Verdict
from newsletter.testing import Manners, ScriptedSmtpServer
from newsletter.transports import (
    DkimKey,
    KeyKind,
    Relay,
    Timeouts,
    make_key,
    public_record,
    record_name,
    write_key,
)

QUICK = Timeouts(
    connect=timedelta(seconds=5), greeting=timedelta(seconds=5), command=timedelta(seconds=5)
)
DOMAIN = "news.example.org"


@pytest.fixture
def key() -> DkimKey:
    return make_key("s1", DOMAIN, KeyKind.ED25519)


@pytest.fixture
def room(tmp_path: Path, key: DkimKey) -> Iterator[Newsroom]:
    copy_starter(tmp_path)
    write_key(key, tmp_path / "s1.pem")
    config = tmp_path / "config.yaml"
    signed = (
        f"dkim: [{{selector: s1, domain: {DOMAIN}, key: {{file: s1.pem}}}}]\n  relays: embedded"
    )
    config.write_text(config.read_text().replace("relays: embedded", signed, 1))
    with open_newsroom(config) as opened:
        yield opened


def test_a_domain_that_is_set_up_well_has_no_bad_finding(room: Newsroom, key: DkimKey) -> None:
    known = {
        (DOMAIN, "TXT"): "v=spf1 mx -all",
        (f"_dmarc.{DOMAIN}", "TXT"): "v=DMARC1; p=none",
        (DOMAIN, "MX"): "10 mx.example.org.",
        (record_name(key), "TXT"): public_record(key),
    }

    def ask(name: str, kind: str) -> DnsAnswer:
        return DnsAnswer((known[name, kind],)) if (name, kind) in known else DnsAnswer()

    assert {finding.verdict for finding in examine_records(room, ask)} == {Verdict.OK}


def test_an_empty_dns_is_bad_in_every_respect_and_each_finding_says_what_to_do(
    room: Newsroom,
) -> None:
    found = list(examine_records(room, lambda _name, _kind: DnsAnswer()))
    assert {finding.verdict for finding in found} == {Verdict.BAD}
    assert all(finding.remedy for finding in found)


def test_without_a_network_nothing_is_called_bad(room: Newsroom) -> None:
    offline = DnsAnswer(trouble="nobody answered")
    found = list(examine_records(room, lambda _name, _kind: offline))
    assert {finding.verdict for finding in found} == {Verdict.WARN}


def test_a_relay_that_lets_us_in_passes_every_step() -> None:
    with ScriptedSmtpServer(Manners()) as server:
        found = list(examine_relay(Relay("127.0.0.1", server.port), QUICK))
    assert {finding.verdict for finding in found} == {Verdict.OK}
    assert [finding.subject.rsplit(" ", 1)[1] for finding in found] == [
        "name", "connect", "greeting", "ehlo", "offers",
    ]  # fmt: skip


def test_a_relay_that_is_away_fails_at_the_step_where_it_is() -> None:
    found = list(examine_relay(Relay("127.0.0.1", 1), QUICK))
    assert [finding.verdict for finding in found] == [Verdict.OK, Verdict.BAD]
    assert found[-1].remedy
