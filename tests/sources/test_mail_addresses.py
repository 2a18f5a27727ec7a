"""Links of mails: their target where it stands in them, without marks, and never opened."""
# ruff: noqa: E501 - addresses of programs are long

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.sources.mail.addresses import read_address
from newsletter.sources.mail.papers import PaperIds, read_ids

HIDDEN = base64.urlsafe_b64encode(
    b'{"e":"https://blog.example.org/p/ants?utm_source=x","p":1,"s":2}'
)
PAPER = "https://arxiv.org/abs/2605.01234"


@pytest.mark.parametrize(
    ("written", "url"),
    [
        (PAPER, PAPER),
        (f"{PAPER}?utm_source=a&utm_medium=b&mc_cid=c&mc_eid=d", PAPER),
        ("https://example.org/a?page=2&fbclid=x#part", "https://example.org/a?page=2#part"),
        ("https://example.org/a?user=ada%40example.org&x=1", "https://example.org/a?x=1"),
        ("https://example.org/a?q=a%20b&token=eyJhbGciOi", "https://example.org/a?q=a+b"),
        ("https://www.google.com/url?q=https://arxiv.org/abs/2605.01234&sa=D&usg=AOv", PAPER),
        ("https://scholar.google.com/scholar_url?url=https://arxiv.org/pdf/2605.01234&hl=en", "https://arxiv.org/pdf/2605.01234"),
        ("https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Farxiv.org%2Fabs%2F2605.01234&data=05%7C02", PAPER),
        ("https://urldefense.proofpoint.com/v2/url?u=https-3A__arxiv.org_abs_2605.01234&d=DwMF", PAPER),
        ("https://urldefense.com/v3/__https://arxiv.org/abs/2605.01234__;!!N11eV2iwtfs!x$", PAPER),
        ("https://tracking.example.com/CL0/https:%2F%2Farxiv.org%2Fabs%2F2605.01234/1/0100018f/abc=12", PAPER),
        ("https://x.r.us-east-1.awstrack.me/L0/https:%2F%2Farxiv.org%2Fabs%2F2605.01234/1/01/x=3", PAPER),
        (f"https://substack.com/redirect/2/{HIDDEN.decode().rstrip('=')}", "https://blog.example.org/p/ants"),
        ("https://l.example.com/?u=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%3A%2F%2Farxiv.org%2Fabs%2F2605.01234", PAPER),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://news.example.edu/2026/ants-that-plan-their-way-home-0501", "https://news.example.edu/2026/ants-that-plan-their-way-home-0501"),
        ("https://link.springer.com/article/10.1007/s11263-026-01234-5", "https://link.springer.com/article/10.1007/s11263-026-01234-5"),
        ("https://example.org/login?next=https://example.org/x", "https://example.org/login?next=https://example.org/x"),
    ],
)  # fmt: skip
def test_where_a_link_leads(written: str, url: str) -> None:
    address = read_address(written)
    assert address
    assert address.url == url


@pytest.mark.parametrize(
    "written",
    [
        "https://x.us1.list-manage.com/track/click?u=0a1b2c3d4e5f60718293a4b5c&id=12345abcde&e=ff",
        "https://url1234.news.example.org/ls/click?upn=u001.Zk3-2BabcXyZ0123456789abcdefXYZ",
        "https://click.example.com/c/AbCdEfGh0123456789IjKlMn",
        "https://email.mg.example.com/c/eJxVjMEKwjAQRL8muRlqmqT0kIMI_oeEdWOXJtmwuxXs1xs8CcPAwLyHcfLLDAb",
    ],
)
def test_who_counts_clicks_and_hides_the_target_gives_no_address(written: str) -> None:
    address = read_address(written)
    assert address
    assert address.url is None


@pytest.mark.parametrize(
    "written",
    ["", "mailto:a@example.org", "/relative", "ftp://example.org/a", "javascript:alert(1)", "https://", "http://[::1", "https://ada:pw@example.org/"],
)  # fmt: skip
def test_what_is_no_address_of_the_web(written: str) -> None:
    assert read_address(written) is None


@given(
    st.text(max_size=300),
    st.sampled_from(
        ["", "https://a.example/", "https://click.a.example/?url=", "https://urldefense.com/v3/__"]
    ),
)
def test_any_text_is_read_without_a_fault(text: str, start: str) -> None:
    address = read_address(start + text)
    assert address is None or address.url is None or address.url.startswith("http")


@pytest.mark.parametrize(
    ("url", "ids"),
    [
        ("https://arxiv.org/pdf/2605.01234v3", PaperIds("2605.01234", 3)),
        ("https://huggingface.co/papers/2605.01234", PaperIds("2605.01234")),
        ("https://openreview.net/pdf?id=aB3dE5fG7h", PaperIds(openreview="aB3dE5fG7h")),
        ("https://www.biorxiv.org/content/10.64898/2026.05.01.123456v1.full.pdf", PaperIds(doi="10.64898/2026.05.01.123456")),
        ("https://dl.acm.org/doi/pdf/10.1145/1234567.1234568", PaperIds(doi="10.1145/1234567.1234568")),
        ("https://onlinelibrary.wiley.com/doi/10.1002/ants.7/full", PaperIds(doi="10.1002/ants.7")),
        ("https://doi.org/10.1000/ANTS.7", PaperIds(doi="10.1000/ants.7")),
        ("https://blog.example.org/2605.01234", PaperIds()),
        ("", PaperIds()),
    ],
)  # fmt: skip
def test_papers_are_known_by_their_addresses(url: str, ids: PaperIds) -> None:
    assert read_ids(url) == ids
    assert ids.has_any == (ids != PaperIds())
