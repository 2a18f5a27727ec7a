"""Private keys: which are taken, how they are kept, and what is said about the others."""

import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from newsletter.errors import ConfigError, ExitCode
from newsletter.transports import (
    DkimKey,
    KeyFileError,
    KeyKind,
    load_key,
    make_key,
    public_record,
    write_key,
)

DOMAIN = "news.example.org"


@pytest.fixture(scope="module")
def key() -> DkimKey:
    return make_key("e1", DOMAIN, KeyKind.ED25519)


@pytest.fixture(scope="module")
def large() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65_537, 2048)


def pem(
    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    form: PrivateFormat = PrivateFormat.PKCS8,
    encryption: KeySerializationEncryption | None = None,
) -> str:
    octets = private.private_bytes(Encoding.PEM, form, encryption or NoEncryption())
    return octets.decode()


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """As on a disk with so many octets left."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("kind", KeyKind)
def test_a_key_that_was_written_is_loaded_again(kind: KeyKind, tmp_path: Path) -> None:
    made = make_key("s1", DOMAIN, kind)
    write_key(made, tmp_path / "deep" / "key.pem")
    loaded = load_key("s1", DOMAIN, (tmp_path / "deep" / "key.pem").read_text())
    assert public_record(loaded) == public_record(made)
    assert (loaded.kind, loaded.bits) == (kind, 2048 if kind is KeyKind.RSA else None)


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_an_rsa_key_may_come_in_either_form_and_without_a_last_line_end(
    form: PrivateFormat, large: rsa.RSAPrivateKey
) -> None:
    assert load_key("s1", DOMAIN, pem(large, form).rstrip()).bits == 2048


def test_a_key_file_is_for_its_owner_alone(key: DkimKey, tmp_path: Path) -> None:
    write_key(key, tmp_path / "key.pem")
    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600


def test_a_file_that_exists_is_not_overwritten(key: DkimKey, tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text("the old key")
    with pytest.raises(KeyFileError, match="exists already") as caught:
        write_key(key, path)
    assert caught.value.exit_code is ExitCode.CANNOT_CREATE
    assert path.read_text() == "the old key"


def test_a_link_to_nowhere_is_not_followed(key: DkimKey, tmp_path: Path) -> None:
    (tmp_path / "key.pem").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KeyFileError, match="exists already"):
        write_key(key, tmp_path / "key.pem")
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_cannot_be_made_is_named(key: DkimKey, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyFileError, match=r"file/key\.pem: cannot be written"):
        write_key(key, tmp_path / "file" / "key.pem")


def test_a_file_that_cannot_be_made_is_named(key: DkimKey, tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match=r"cannot be written.*name another file"):
        write_key(key, tmp_path / ("k" * 300))


def test_no_half_of_a_key_is_left_when_the_disk_is_full(key: DkimKey, tmp_path: Path) -> None:
    with files_of_at_most(10), pytest.raises(KeyFileError, match=r"key\.pem: cannot be written"):
        write_key(key, tmp_path / "key.pem")
    assert not (tmp_path / "key.pem").exists()


def test_a_key_does_not_show_when_it_is_printed(key: DkimKey) -> None:
    assert "private" not in repr(key).lower()


def test_a_small_rsa_key_is_refused_with_a_way_out() -> None:
    small = rsa.generate_private_key(65_537, 1024)  # noqa: S505 - to be refused
    with pytest.raises(ConfigError, match=r"s1: an rsa key of 1024 bits.*newsletter dkim new"):
        load_key("s1", DOMAIN, pem(small))


@pytest.mark.parametrize("bits", [1024, 2047, 4097, 1_000_000])
def test_no_key_is_made_that_verifiers_do_not_take(bits: int) -> None:
    with pytest.raises(ConfigError, match=f"{bits} bits, but verifiers take 2048 to 4096"):
        make_key("s1", DOMAIN, bits=bits)


def test_an_encrypted_key_is_refused(large: rsa.RSAPrivateKey) -> None:
    encrypted = pem(large, encryption=BestAvailableEncryption(b"open sesame"))
    with pytest.raises(ConfigError, match="s1: the private key is encrypted"):
        load_key("s1", DOMAIN, encrypted)


def test_a_key_of_another_kind_is_refused() -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(ConfigError, match="s1: neither an rsa nor an ed25519 key"):
        load_key("s1", DOMAIN, pem(curve))


@pytest.mark.parametrize("text", ["", "secret", "-----BEGIN PRIVATE KEY-----\n", "schlüssel\0"])
def test_what_is_no_key_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ConfigError, match=r"^dkim s1: no private key in PEM; make one with"):
        load_key("s1", DOMAIN, text)


@pytest.mark.parametrize("name", ["", "a b", "a;b", "a..b", "-a", "_a", "ä", "a\r\nb", "a" * 64])
def test_names_are_those_of_the_dns(name: str, key: DkimKey) -> None:
    with pytest.raises(ConfigError, match=r"is no selector; write e\.g\. s1"):
        DkimKey(name, DOMAIN, key.private)
    with pytest.raises(ConfigError, match=r"is no domain; write e\.g\. news\.example\.org"):
        DkimKey("s1", name, key.private)


def test_the_whole_name_fits_into_the_dns(key: DkimKey) -> None:
    with pytest.raises(ConfigError, match="longer than 253 characters"):
        DkimKey("s" * 63, ".".join(["d" * 60] * 4), key.private)
