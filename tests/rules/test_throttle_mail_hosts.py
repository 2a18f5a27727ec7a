"""Domains whose mail one provider takes are found by the names of their mail servers."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import Limits, MailHosts
from newsletter.rules.throttle import (
    domains_of,
    is_due,
    is_worth_asking,
    lanes_of,
    organisation_of,
    place_of,
    provider_of,
    read_mail_hosts,
    with_providers,
)
from newsletter.testing.plans import FIRST_SLOT_AT

NOW = FIRST_SLOT_AT
MINUTE = timedelta(minutes=1)
LONG = "a" * 63


def hosts_of(domain: str, *hosts: str) -> MailHosts:
    return MailHosts(domain, hosts, NOW)


def test_the_hosts_that_are_asked_first_count() -> None:
    records = ("20 backup.other.net.", "5 MX2.Example.ORG.", "5 mx1.example.org.", "10 mx3.x.org.")
    assert read_mail_hosts(records) == ("mx1.example.org", "mx2.example.org")


@pytest.mark.parametrize(
    "record",
    [
        "0 .",
        "",
        "mx.example.org.",
        "10",
        "10 localhost.",
        "10 192.0.2.1.",
        "10 mx..example.org.",
        "10 -mx.example.org.",
        "10 mx.\\000.org.",
        "10 mx.exämple.org.",
        "99999999999 mx.example.org.",
        f"10 {LONG}a.example.org.",
        f"10 {'.'.join([LONG] * 4)}.org.",
        "10 " + "a." * 100_000,
        "1\n0 mx.example.org.",
    ],
)
def test_what_is_no_mail_server_counts_for_nothing(record: str) -> None:
    assert read_mail_hosts([record]) == ()
    assert read_mail_hosts([record, "30 mx.example.org."]) == ("mx.example.org",)


def test_of_very_many_records_a_few_are_kept() -> None:
    assert len(read_mail_hosts(f"10 mx{number}.example.org." for number in range(5_000))) == 10


@given(st.lists(st.text(max_size=400), max_size=20), st.text(max_size=300))
def test_no_answer_breaks_anything(records: list[str], domain: str) -> None:
    hosts = read_mail_hosts(records)
    assert all(len(host) <= 253 and " " not in host for host in hosts)
    provider = provider_of(MailHosts(domain, hosts, NOW))
    assert provider is None or len(provider) <= 253
    with_providers(Limits(), [MailHosts(domain, tuple(records), NOW)])


@pytest.mark.parametrize(
    ("host", "organisation"),
    [
        ("gmail-smtp-in.l.google.com", "google.com"),
        ("example-org.mail.protection.outlook.com", "outlook.com"),
        ("mx.mail.example.co.uk", "example.co.uk"),
        ("mx1.example.com.au", "example.com.au"),
        ("mx.t-online.de", "t-online.de"),
        ("example.org", "example.org"),
        ("mx.co.example", "co.example"),
        ("co.uk", None),
        ("uk", None),
    ],
)
def test_the_organisation_is_the_end_of_a_name(host: str, organisation: str | None) -> None:
    assert organisation_of(host) == organisation


def test_a_domain_that_takes_its_own_mail_stays_alone() -> None:
    assert provider_of(hosts_of("example.org", "mx.example.org")) is None
    assert provider_of(hosts_of("example.co.uk", "mx.example.co.uk")) is None
    assert provider_of(hosts_of("example.org")) is None
    assert provider_of(hosts_of("news.example.org", "mx.example.org")) == "example.org"


def test_of_several_organisations_all_domains_get_the_same() -> None:
    one, other = hosts_of("a.org", "x.two.net", "y.one.com"), hosts_of("b.org", "z.one.com")
    assert provider_of(one) == provider_of(other) == "one.com"


def test_siblings_share_a_lane_and_a_limit_by_the_name_of_the_provider() -> None:
    limits = Limits(per_domain={"google.com": 60})
    found = with_providers(
        limits, [hosts_of("gmail.com", "a.google.com"), hosts_of("x.org", "b.google.com")]
    )
    assert place_of("gmail.com", found.groups) == place_of("x.org", found.groups) == "google.com"
    assert domains_of("google.com", found.groups) == ("gmail.com", "google.com", "x.org")
    assert found.per_domain == limits.per_domain


def test_a_domain_takes_its_own_lane_too() -> None:
    assert lanes_of("gmail.com", {"gmail.com": "google.com"}) == (
        "domain gmail.com",
        "domain google.com",
    )
    assert lanes_of("google.com", {"gmail.com": "google.com"}) == ("domain google.com",)


def test_what_is_grouped_by_hand_stays() -> None:
    limits = Limits(groups={"gmail.com": "mine", "alone.org": "alone.org"})
    known = [
        hosts_of("gmail.com", "a.google.com"),
        hosts_of("alone.org", "b.google.com"),
        hosts_of("x.org", "c.google.com"),
    ]
    assert with_providers(limits, known).groups == {
        "gmail.com": "mine",
        "alone.org": "alone.org",
        "x.org": "google.com",
    }


def test_a_group_that_names_a_provider_gets_all_its_domains() -> None:
    limits = Limits(groups={"outlook.com": "microsoft", "mx.microsoft": "microsoft"})
    known = [
        hosts_of("a.org", "a-org.mail.protection.outlook.com"),
        hosts_of("b.org", "b-org.x-v1.mx.microsoft"),
    ]
    groups = with_providers(limits, known).groups
    assert groups["a.org"] == groups["b.org"] == "microsoft"


@pytest.mark.parametrize(
    ("age", "trouble", "due"),
    [
        (timedelta(hours=23), "", False),
        (timedelta(days=1), "", True),
        (59 * MINUTE, "timeout", False),
        (60 * MINUTE, "timeout", True),
        (-5 * MINUTE, "", False),
        (-11 * MINUTE, "", True),
    ],
)
def test_an_answer_lasts_a_day_and_a_failure_an_hour(
    age: timedelta, trouble: str, *, due: bool
) -> None:
    assert is_due(MailHosts("x.org", (), NOW - age, trouble), NOW) is due


@pytest.mark.parametrize(
    ("domain", "worth"),
    [
        ("example.org", True),
        ("localhost", False),
        ("news.localhost", False),
        ("host.invalid", False),
        ("a.test", False),
        ("printer.local", False),
        ("192.0.2.1", False),
        ("x" * 300 + ".org", False),
    ],
)
def test_nobody_is_asked_for_what_cannot_be_known(domain: str, *, worth: bool) -> None:
    assert is_worth_asking(domain) is worth
