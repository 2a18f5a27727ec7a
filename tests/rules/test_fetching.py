"""What may be asked: addresses in one form, redirects hop by hop, networks that are public."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import FetchError
from newsletter.rules.fetching import (
    MOST_HOPS,
    Hop,
    Place,
    first_hop,
    is_public,
    next_hop,
    read_place,
)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://Example.ORG", "https://example.org/"),
        ("HTTPS://example.org:443/a?b=c#part", "https://example.org/a?b=c"),
        ("http://example.org:80", "http://example.org/"),
        ("http://example.org:8080/", "http://example.org:8080/"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://bücher.example/ü?q=ü", "https://xn--bcher-kva.example/%C3%BC?q=%C3%BC"),
        ("https://example.org/a b%20c/<x>", "https://example.org/a%20b%20c/%3Cx%3E"),
        ("http://[2001:DB8::1]:81/x", "http://[2001:db8::1]:81/x"),
        ("http://127.0.0.1/", "http://127.0.0.1/"),
        ("https://a_b.example.org?x", "https://a_b.example.org/?x"),
    ],
)
def test_an_address_has_one_form(url: str, place: str) -> None:
    assert str(read_place(url)) == place
    assert read_place(place) == read_place(url)


@pytest.mark.parametrize(
    ("url", "fact"),
    [
        ("ftp://example.org/", "http"),
        ("file:///etc/passwd", "http"),
        ("javascript:alert(1)", "http"),
        ("/relative", "http"),
        ("", "http"),
        ("https://", "no host"),
        ("https:///path", "no host"),
        ("https://a..b/", "no host"),
        ("https://-a.example/", "no host"),
        ("https://exa mple.org/", "no host"),
        ("https://[::1%25eth0]/", "no host"),
        ("https://[1::2::3]/", "host|address"),
        ("https://[v1.x]/", "no host"),
        (f"https://{'a.' * 200}org/", "no host"),
        (f"https://{'a' * 64}.org/", "no host"),
        ("https://[::1/", "web address"),
        ("https://::1/", "host|address"),
        ("https://example.org:0/", "web address"),
        ("https://example.org:99999/", "web address"),
        ("https://example.org:port/", "web address"),
        ("https://example.org/a\r\nX: y", "control"),
        ("https://exam\tple.org/", "control"),
        ("https://example.org/" + "a" * 9_000, "longer"),
    ],
)
def test_what_is_no_web_address_is_refused(url: str, fact: str) -> None:
    with pytest.raises(FetchError, match=fact) as caught:
        read_place(url)
    assert "\r" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(FetchError, match="carries a user name") as caught:
        read_place("https://ada:secret@example.org/feed")
    assert "secret" not in str(caught.value)


@given(st.text())
def test_any_text_is_a_place_or_a_fetch_error(text: str) -> None:
    for url in (text, f"https://{text}", f"https://example.org/{text}"):
        try:
            place = read_place(url)
        except FetchError:
            continue
        assert str(place).isascii()
        assert place.target.startswith("/")
        assert not set(str(place)) & set(" \r\n\t\0")


FIRST = "https://example.org/feed"


def follow(*redirects: tuple[int, str | None], url: str = FIRST, is_post: bool = False) -> Hop:
    hop = first_hop(url, is_post=is_post)
    for status, location in redirects:
        hop = next_hop(hop, status, location)
    return hop


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("/other", "https://example.org/other"),
        ("other?x=1", "https://example.org/other?x=1"),
        ("//cdn.example.net/x", "https://cdn.example.net/x"),
        (" https://example.net/#top ", "https://example.net/"),
        ("/caf\u00c3\u00a9", "https://example.org/caf%C3%A9"),
        ("/caf\u00e9", "https://example.org/caf%C3%A9"),
    ],
)
def test_a_location_is_relative_to_the_place_before(location: str, place: str) -> None:
    assert str(follow((302, location)).place) == place


@pytest.mark.parametrize(
    ("location", "fact"),
    [
        (None, "does not say where"),
        ("", "does not say where"),
        ("http://example.org/feed", "not encrypted"),
        ("ftp://example.org/feed", "redirects badly"),
        ("https://ada:secret@example.org/", "redirects badly"),
        ("https://[::1", "redirects badly"),
        (FIRST, "in a circle"),
    ],
)
def test_a_bad_redirect_is_refused_with_its_status(location: str | None, fact: str) -> None:
    with pytest.raises(FetchError, match=fact) as caught:
        follow((301, location))
    assert caught.value.status == 301
    assert "secret" not in str(caught.value)


def test_a_circle_of_two_and_one_hop_too_many_end() -> None:
    with pytest.raises(FetchError, match="circle"):
        follow((301, "/b"), (301, "/feed"))
    ways = [(302, f"/{number}") for number in range(MOST_HOPS)]
    assert follow(*ways).place.target == f"/{MOST_HOPS - 1}"
    with pytest.raises(FetchError, match="more than 5 times"):
        follow(*ways, (302, "/more"))


@pytest.mark.parametrize(
    ("status", "stays_post"), [(301, False), (302, False), (303, False), (307, True), (308, True)]
)
def test_a_post_stays_one_only_where_the_status_says_so(status: int, *, stays_post: bool) -> None:
    assert follow((status, "/x"), is_post=True).is_post is stays_post
    assert follow((status, "/x")).is_post is False


def test_a_post_may_come_back_to_its_own_place_as_a_get() -> None:
    assert follow((303, FIRST), is_post=True) == Hop(
        read_place(FIRST), passed=((read_place(FIRST), True),), is_for_good=False
    )


@pytest.mark.parametrize(
    ("statuses", "is_for_good"),
    [((301,), True), ((308, 301), True), ((301, 302), False), ((307, 301), False)],
)
def test_only_a_chain_of_permanent_redirects_is_for_good(
    statuses: tuple[int, ...], *, is_for_good: bool
) -> None:
    ways = [(status, f"/{number}") for number, status in enumerate(statuses)]
    assert follow(*ways).is_for_good is is_for_good


@pytest.mark.parametrize(
    ("url", "locations", "is_trusted"),
    [
        (FIRST, ["/other"], True),
        (FIRST, ["https://example.org:443/x"], True),
        ("http://example.org/feed", [FIRST], True),
        (FIRST, ["https://api.example.org/"], False),
        (FIRST, ["https://example.org:8443/"], False),
        ("http://example.org:8080/", ["https://example.org/"], False),
        (FIRST, ["https://example.net/", "https://example.org/back"], False),
    ],
)
def test_what_is_meant_for_one_server_goes_to_no_other(
    url: str, locations: list[str], *, is_trusted: bool
) -> None:
    assert follow(*((302, one) for one in locations), url=url).is_trusted is is_trusted


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.1", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.170", "192.0.2.1",
        "192.168.1.1", "192.88.99.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1",
        "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.1.2.3", "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "fc00::1",
        "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001::1",
        "2001:0:7f00:1::", "2001:db8::1", "2001:10::1", "2002:7f00:1::", "2002:5db8:d822::1",
        "3fff::1", "5f00::1", "fd00:ec2::254", "2a00:1450::1%eth0",
        "", "localhost", "example.org", "127.1", "0x7f000001", "2130706433", "0177.0.0.1",
    ],
)  # fmt: skip
def test_what_is_not_public_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1", "93.184.216.34", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1",
        "223.255.255.255", "2a00:1450:4001::200e", "2606:4700::1111", "2001:4860:4860::8888",
        "::ffff:93.184.216.34", "64:ff9b::5db8:d822",
    ],
)  # fmt: skip
def test_public_addresses_may_be_asked(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses())
def test_what_the_standard_library_calls_private_is_never_public(
    address: IPv4Address | IPv6Address,
) -> None:
    special = (
        address.is_private, address.is_loopback, address.is_link_local, address.is_multicast,
        address.is_reserved, address.is_unspecified,
    )  # fmt: skip
    if is_public(str(address)) and getattr(address, "ipv4_mapped", None) is None:
        in_nat64 = str(address).startswith("64:ff9b::")
        assert in_nat64 or not any(special)


@given(st.ip_addresses(v=4))
def test_an_address_within_an_address_is_judged_by_itself(address: IPv4Address) -> None:
    carried = IPv6Address(b"\0" * 10 + b"\xff\xff" + address.packed)
    translated = IPv6Address(bytes.fromhex("0064ff9b") + b"\0" * 8 + address.packed)
    assert is_public(str(carried)) == is_public(str(address)) == is_public(str(translated))


def test_the_host_field_names_an_unusual_port() -> None:
    assert Place("https", "example.org", 443, "/").netloc == "example.org"
    assert Place("http", "example.org", 443, "/").netloc == "example.org:443"
    assert Place("http", "::1", 80, "/").netloc == "[::1]"
