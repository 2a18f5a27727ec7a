"""What the DNS must say of a key, and what is wrong with what it says."""

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from newsletter.transports import (
    DkimKey,
    KeyKind,
    check_record,
    make_key,
    public_record,
    record_name,
    record_strings,
)

DOMAIN = "news.example.org"


@pytest.fixture(scope="module")
def rsa() -> DkimKey:
    return make_key("s1", DOMAIN)


@pytest.fixture(scope="module")
def ed25519() -> DkimKey:
    """The first key pair of RFC 8032 section 7.1, which RFC 8463 signs its example with."""
    seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
    return DkimKey("brisbane", "football.example.com", private)


def test_an_ed25519_record_holds_the_bare_key(ed25519: DkimKey) -> None:
    published = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    assert public_record(ed25519) == f"v=DKIM1; k=ed25519; p={published}"
    assert record_name(ed25519) == "brisbane._domainkey.football.example.com"


def test_an_rsa_record_is_cut_into_strings_that_a_zone_file_takes(rsa: DkimKey) -> None:
    record = public_record(rsa)
    strings = record_strings(record)
    assert record.startswith("v=DKIM1; k=rsa; p=MII")
    assert [len(part) for part in strings] == [255, len(record) - 255]
    assert "".join(strings) == record


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record,
        lambda record: record + ";",
        lambda record: record.replace("; ", ";\t "),
        lambda record: record.replace("v=DKIM1; ", ""),
        lambda record: record.replace("p=", "h=sha1:sha256; s=email; t=s; n=made today; p="),
        lambda record: record.replace("p=", "s=*; unknown=; p="),
        lambda record: record[:60] + " " + record[60:],
    ],
)
def test_a_record_may_say_the_same_in_other_words(
    change: object, rsa: DkimKey, ed25519: DkimKey
) -> None:
    assert callable(change)
    assert check_record(rsa, change(public_record(rsa))) == ()
    assert check_record(ed25519, change(public_record(ed25519))) == ()


def test_an_rsa_record_without_a_kind_and_in_the_older_form_is_good(rsa: DkimKey) -> None:
    public = rsa.private.public_key()
    older = b64encode(public.public_bytes(Encoding.DER, PublicFormat.PKCS1)).decode()
    assert check_record(rsa, f"p={older}") == ()


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        (lambda _: "", "no list of tag=value"),
        (lambda _: "v=spf1 -all", "does not begin with v=DKIM1"),
        (lambda _: "hello", "no list of tag=value"),
        (lambda record: f"{record}; p=x", "no list of tag=value"),
        (lambda record: f"{record};;", "no list of tag=value"),
        (lambda record: record.replace("DKIM1", "DKIM2"), "does not begin with v=DKIM1"),
        (lambda record: record.replace("v=DKIM1; ", "") + "; v=DKIM1", "does not begin with"),
        (lambda record: record.replace("k=rsa", "k=ed25519"), "not for an rsa key"),
        (lambda record: record + "; h=sha1", "does not allow sha256"),
        (lambda record: record + "; s=other", "is not for mail"),
        (lambda record: record + "; t=y:s", "only a test"),
        (lambda record: record.partition(" p=")[0], "holds no key"),
        (lambda record: record.partition("MII")[0], "was revoked"),
        (lambda record: record.replace("MII", "MIJ"), "another key"),
        (lambda record: record.replace("MII", "MII*"), "another key"),
        (lambda record: record.replace("MII", "MIIé"), "another key"),
        (lambda record: record[:-8], "another key"),
    ],
)
def test_a_wrong_record_is_told_from_a_right_one(change: object, fact: str, rsa: DkimKey) -> None:
    assert callable(change)
    faults = check_record(rsa, change(public_record(rsa)))
    assert fact in faults[0].fact
    assert faults[0].remedy.endswith(f"at s1._domainkey.{DOMAIN}: {public_record(rsa)}")


def test_all_faults_are_told_at_once(rsa: DkimKey, ed25519: DkimKey) -> None:
    assert len(check_record(ed25519, public_record(rsa) + "; t=y")) == 3


def test_the_record_of_another_key_is_noticed(rsa: DkimKey) -> None:
    other = make_key("s1", DOMAIN, KeyKind.RSA)
    assert [fault.fact for fault in check_record(rsa, public_record(other))] == [
        "the record holds another key than the one we sign with"
    ]
