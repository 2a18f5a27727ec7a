"""The polite client asks only in public: every address of every hop is checked, once, and used."""

import datetime as dt
import ipaddress
import socket
import ssl
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from newsletter.errors import FetchError
from newsletter.model import Ask, Manners, Page, PullOrder
from newsletter.sources import Machine, PoliteWeb
from newsletter.testing.paces import MemoryPaces
from tests.sources.raw_server import NOW, RawServer, answer, raw_server

PUBLIC, OTHER = "93.184.216.34", "2606:4700::1111"


@dataclass
class Internet:
    """Names with the answers of successive look-ups; every address leads to the server at `port`."""

    port: int
    names: dict[str, list[Sequence[str]]] = field(default_factory=dict)
    looked_up: list[str] = field(default_factory=list)
    dialled: list[str] = field(default_factory=list)
    dead: Iterable[str] = ()
    silent: Iterable[str] = ()

    def resolve(self, host: str, _port: int) -> Sequence[str]:
        self.looked_up.append(host)
        answers = self.names.get(host)
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def dial(self, address: str, _port: int, timeout_s: float) -> socket.socket:
        self.dialled.append(address)
        if address in self.dead:
            raise ConnectionRefusedError(111, "Connection refused")
        if address in self.silent:
            raise TimeoutError
        return socket.create_connection(("127.0.0.1", self.port), timeout_s)

    def fetch(
        self, *urls: str, allow: Iterable[str] = (), trust: ssl.SSLContext | None = None
    ) -> Page:
        machine = Machine(resolve=self.resolve, dial=self.dial, sleep=lambda _: None)
        context = trust or ssl.create_default_context()
        web = PoliteWeb(MemoryPaces(), "test", allow=allow, machine=machine, trust=lambda: context)
        manners = Manners("pace", interval=dt.timedelta(0))
        with web.visit(manners, PullOrder(NOW)) as visit:
            return [visit.fetch(Ask(url)) for url in urls][-1]


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


@pytest.fixture
def internet(server: RawServer) -> Internet:
    return Internet(server.port, {"papers.example": [[PUBLIC]]})


def test_a_public_host_is_asked_under_its_name(server: RawServer, internet: Internet) -> None:
    server.put("/x", answer(b"hello"))
    assert internet.fetch("http://papers.example/x").body == b"hello"
    assert server.fields()["host"] == "papers.example"
    assert (internet.looked_up, internet.dialled) == (["papers.example"], [PUBLIC])


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"], ["10.1.2.3"], ["169.254.169.254"], ["100.64.1.1"], ["::1"], ["fe80::1%eth0"],
        ["::ffff:192.168.0.1"], ["64:ff9b::7f00:1"], [PUBLIC, "10.0.0.1"], [OTHER, PUBLIC, "::1"],
    ],
)  # fmt: skip
def test_one_private_address_spoils_them_all(
    server: RawServer, internet: Internet, found: list[str]
) -> None:
    internet.names["papers.example"] = [found]
    with pytest.raises(
        FetchError, match=r"no public address; name papers.example under http.allow"
    ):
        internet.fetch("http://papers.example/")
    assert (internet.dialled, server.connections) == ([], 0)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "0177.0.0.1"])
def test_an_address_in_any_writing_is_looked_at(server: RawServer, host: str) -> None:
    web = PoliteWeb(MemoryPaces(), "test")
    with (
        web.visit(Manners("pace"), PullOrder(NOW)) as visit,
        pytest.raises(FetchError, match=r"no public address|no address"),
    ):
        visit.fetch(Ask(f"http://{host}:{server.port}/"))
    assert server.connections == 0


def test_the_operator_may_allow_a_host_by_its_name(server: RawServer, internet: Internet) -> None:
    internet.names |= {"nas.example": [["192.168.1.5"]], "other.example": [["192.168.1.5"]]}
    server.put("/", answer(b"home"))
    assert internet.fetch("http://NAS.example./", allow=["Nas.Example"]).body == b"home"
    with pytest.raises(FetchError, match="no public address"):
        internet.fetch("http://other.example/", allow=["nas.example"])


def test_a_redirect_to_a_private_address_is_refused(server: RawServer, internet: Internet) -> None:
    internet.names["inside.example"] = [["10.0.0.1"]]
    for target in ("http://inside.example/", "http://169.254.169.254/latest/", "http://[::1]/"):
        server.put("/", answer(status="302 Found", Location=target))
        internet.names |= {"169.254.169.254": [["169.254.169.254"]], "::1": [["::1"]]}
        with pytest.raises(FetchError, match="no public address"):
            internet.fetch("http://papers.example/")
    assert set(internet.dialled) == {PUBLIC}


def test_a_name_that_changes_its_mind_is_looked_up_once_for_a_connection(
    server: RawServer, internet: Internet
) -> None:
    internet.names["papers.example"] = [[PUBLIC], ["127.0.0.1"]]
    server.put("/", answer(b"hello"))
    internet.fetch("http://papers.example/", "http://papers.example/")
    assert (internet.looked_up, internet.dialled) == (["papers.example"], [PUBLIC])


def test_the_next_connection_is_checked_anew(server: RawServer, internet: Internet) -> None:
    internet.names["papers.example"] = [[PUBLIC], ["127.0.0.1"]]
    server.put("/", answer(b"hello", Connection="close"))
    with pytest.raises(FetchError, match=r"127.0.0.1 is no public address"):
        internet.fetch("http://papers.example/", "http://papers.example/")
    assert internet.dialled == [PUBLIC]


def test_addresses_are_tried_in_their_order(server: RawServer, internet: Internet) -> None:
    internet.names["papers.example"] = [[OTHER, PUBLIC]]
    internet.dead = [OTHER]
    server.put("/", answer(b"hello"))
    assert internet.fetch("http://papers.example/").body == b"hello"
    assert internet.dialled == [OTHER, PUBLIC]
    internet.silent = [PUBLIC]
    nobody = rf"no connection \({OTHER}: Connection refused; {PUBLIC} does not answer\)"
    with pytest.raises(FetchError, match=nobody):
        internet.fetch("http://papers.example/")


@pytest.mark.parametrize(
    ("names", "fact"),
    [
        ({}, r"the name has no address \(Name or service not known\)"),
        ({"papers.example": [[]]}, "no address"),
    ],
)
def test_a_name_without_address_is_an_error(
    internet: Internet, names: dict[str, list[Sequence[str]]], fact: str
) -> None:
    internet.names = names
    with pytest.raises(FetchError, match=f"http://papers.example/: .*{fact}"):
        internet.fetch("http://papers.example/")


@pytest.mark.parametrize("url", ["ftp://papers.example/", "file:///etc/passwd", "gopher://x/"])
def test_nothing_but_the_web_is_asked(internet: Internet, url: str) -> None:
    with pytest.raises(FetchError, match="http://"):
        internet.fetch(url)
    assert internet.looked_up == []


def certificate(folder: Path, name: str) -> Path:
    """Write a self-made certificate for `name` with its key, and return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names: list[x509.GeneralName] = [
        x509.DNSName(name),
        x509.IPAddress(ipaddress.ip_address(OTHER)),
    ]
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@dataclass
class Encrypted:
    server: RawServer
    internet: Internet
    trust: ssl.SSLContext
    named: list[str | None]


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[Encrypted]:
    pem = certificate(tmp_path, "papers.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    named: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: named.append(name)
    with raw_server(context) as running:
        names: dict[str, list[Sequence[str]]] = {
            "papers.example": [[PUBLIC]],
            "other.example": [[PUBLIC]],
            OTHER: [[OTHER]],
        }
        trust = ssl.create_default_context(cafile=str(pem))
        yield Encrypted(running, Internet(running.port, names), trust, named)


def test_the_server_is_named_and_has_to_be_who_it_says(encrypted: Encrypted) -> None:
    encrypted.server.put("/", answer(b"hello"))
    internet, trust = encrypted.internet, encrypted.trust
    assert internet.fetch("https://papers.example/", trust=trust).body == b"hello"
    assert encrypted.named == ["papers.example"]
    assert internet.fetch(f"https://[{OTHER}]/", trust=trust).body == b"hello"
    with pytest.raises(FetchError, match=r"its certificate is refused .*Hostname mismatch"):
        internet.fetch("https://other.example/", trust=trust)
    assert internet.dialled == [PUBLIC, OTHER, PUBLIC]


def test_a_self_made_certificate_is_refused(encrypted: Encrypted) -> None:
    url = "https://papers.example/"
    with pytest.raises(FetchError, match=rf"{url}: no encrypted connection: .*self.signed"):
        encrypted.internet.fetch(url)
    assert encrypted.server.heads == []


def test_a_server_that_speaks_no_tls_is_refused(server: RawServer, internet: Internet) -> None:
    server.greeting = answer(status="400 Bad Request")
    with pytest.raises(FetchError, match="no encrypted connection"):
        internet.fetch("https://papers.example/")


def test_an_encrypted_answer_that_is_cut_off_is_not_taken_for_whole(encrypted: Encrypted) -> None:
    def cut(connected: socket.socket) -> None:
        connected.sendall(b"HTTP/1.0 200 OK\r\n\r\nhalf of i")
        socket.socket.shutdown(connected, socket.SHUT_RDWR)

    encrypted.server.put("/", cut)
    with pytest.raises(FetchError, match="the connection broke off"):
        encrypted.internet.fetch("https://papers.example/", trust=encrypted.trust)


def test_https_does_not_lead_back_to_http(encrypted: Encrypted) -> None:
    encrypted.server.put("/", answer(status="301 Moved", Location="http://papers.example/"))
    with pytest.raises(FetchError, match="which is not encrypted"):
        encrypted.internet.fetch("https://papers.example/", trust=encrypted.trust)


def test_a_connection_of_either_scheme_follows_the_other(
    encrypted: Encrypted, server: RawServer
) -> None:
    """An http address moves to https: the plain connection ends before the other begins."""
    server.put("/", answer(status="301 Moved", Location="https://papers.example/"))
    encrypted.server.put("/", answer(b"hello"))
    internet = encrypted.internet
    ports = {80: server.port, 443: encrypted.server.port}

    def dial(_address: str, port: int, timeout_s: float) -> socket.socket:
        return socket.create_connection(("127.0.0.1", ports[port]), timeout_s)

    machine = Machine(resolve=internet.resolve, dial=dial, sleep=lambda _: None)
    web = PoliteWeb(MemoryPaces(), "test", machine=machine, trust=lambda: encrypted.trust)
    with web.visit(Manners("p", interval=dt.timedelta(0)), PullOrder(NOW)) as visit:
        page = visit.fetch(Ask("http://papers.example/"))
    assert (page.body, page.moved_to) == (b"hello", "https://papers.example/")
