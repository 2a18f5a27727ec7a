"""What DNS records say of our chance to be accepted."""

import pytest

from newsletter.model import DnsAnswer, Verdict
from newsletter.rules.deliverability import judge_bounce_domain, judge_dmarc, judge_spf

DOMAIN = "news.example.org"
OFFLINE = DnsAnswer(trouble="no name server answered")
NOTHING = DnsAnswer()


@pytest.mark.parametrize(
    ("records", "verdict"),
    [
        (("v=spf1 mx -all",), Verdict.OK),
        (("some other text", "V=SPF1 ip4:192.0.2.1 ~all"), Verdict.OK),
        (("v=spf1 redirect=_spf.example.org",), Verdict.OK),
        (("v=spf1 mx ?all",), Verdict.WARN),
        (("v=spf1 +all",), Verdict.BAD),
        (("v=spf1 mx all",), Verdict.BAD),
        (("v=spf1 mx -all", "v=spf1 a -all"), Verdict.BAD),
        (("v=spf10 mx -all",), Verdict.BAD),
        ((), Verdict.BAD),
    ],
)
def test_one_spf_record_must_say_who_may_send(records: tuple[str, ...], verdict: Verdict) -> None:
    assert judge_spf(DOMAIN, DnsAnswer(records)).verdict is verdict


@pytest.mark.parametrize(
    ("records", "verdict"),
    [
        (("v=DMARC1; p=none; rua=mailto:a@example.org",), Verdict.OK),
        (("v=DMARC1 ; p=reject",), Verdict.OK),
        (("v=DMARC1; p=perhaps",), Verdict.BAD),
        (("v=DMARC1; rua=mailto:a@example.org",), Verdict.BAD),
        (("v=DMARC1; p=none", "v=DMARC1; p=reject"), Verdict.BAD),
        (("nothing of the kind; at all",), Verdict.BAD),
        ((), Verdict.BAD),
    ],
)
def test_one_dmarc_record_must_name_a_policy(records: tuple[str, ...], verdict: Verdict) -> None:
    assert judge_dmarc(DOMAIN, DnsAnswer(records)).verdict is verdict


@pytest.mark.parametrize(
    ("mail", "addresses", "verdict"),
    [
        (("10 mx.example.org.",), (), Verdict.OK),
        (("0 .",), ("192.0.2.1",), Verdict.BAD),
        ((), ("192.0.2.1",), Verdict.WARN),
        ((), (), Verdict.BAD),
    ],
)
def test_bounces_need_a_way_back(
    mail: tuple[str, ...], addresses: tuple[str, ...], verdict: Verdict
) -> None:
    found = judge_bounce_domain(DOMAIN, DnsAnswer(mail), DnsAnswer(addresses))
    assert found.verdict is verdict


def test_what_could_not_be_looked_up_is_no_verdict() -> None:
    for found in (
        judge_spf(DOMAIN, OFFLINE),
        judge_dmarc(DOMAIN, OFFLINE),
        judge_bounce_domain(DOMAIN, OFFLINE, NOTHING),
    ):
        assert found.verdict is Verdict.WARN
        assert "no name server answered" in found.fact


def test_every_finding_that_is_not_well_has_a_remedy() -> None:
    for found in (
        judge_spf(DOMAIN, NOTHING),
        judge_dmarc(DOMAIN, NOTHING),
        judge_bounce_domain(DOMAIN, NOTHING, NOTHING),
    ):
        assert found.remedy
