"""The polite client and codings: undone piece by piece, refused when damaged, and bombs."""

import gzip
import os
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.errors import FetchError
from newsletter.model import Manners
from tests.sources.raw_server import RawServer, Surf, answer, raw_server


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


@pytest.fixture
def surf() -> Surf:
    return Surf()


def coded(data: bytes, bits: int) -> bytes:
    compress = zlib.compressobj(wbits=bits)
    return compress.compress(data) + compress.flush()


TEXT = b"papers of the day, " * 5_000


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(TEXT, mtime=0)),
        ("x-GZIP", gzip.compress(TEXT, mtime=0)),
        (
            "gzip",
            gzip.compress(TEXT[:70], mtime=0) + gzip.compress(TEXT[70:], mtime=0) + b"\0" * 30,
        ),
        ("gzip", gzip.compress(TEXT, mtime=0) + b"\x1f"),
        ("deflate", coded(TEXT, zlib.MAX_WBITS)),
        ("deflate", coded(TEXT, -zlib.MAX_WBITS)),
        ("deflate", coded(TEXT, zlib.MAX_WBITS) + b"\r\n"),
        ("identity", TEXT),
        ("", TEXT),
    ],
)
@pytest.mark.parametrize("chunk_bytes", [1, 7, 100_000])
def test_codings_are_undone(
    server: RawServer, surf: Surf, coding: str, body: bytes, chunk_bytes: int
) -> None:
    size = max(chunk_bytes, len(body) // 2_000)
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nTransfer-Encoding: chunked\r\n\r\n"
    url = server.put("/", head.encode() + chunks)
    assert surf.fetch(url).body == TEXT


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_an_empty_body_is_empty_in_every_coding(server: RawServer, surf: Surf, coding: str) -> None:
    assert surf.fetch(server.put("/", answer(b"", Content_Encoding=coding))).body == b""


@pytest.mark.parametrize(
    ("coding", "body", "fact"),
    [
        ("br", b"x", "coded as 'br', which was not asked for"),
        ("gzip, gzip", gzip.compress(gzip.compress(TEXT, mtime=0), mtime=0), "not asked for"),
        ("gzip", gzip.compress(TEXT, mtime=0)[:-9], "breaks off in the middle of its gzip"),
        ("gzip", b"\x1f", "breaks off"),
        ("gzip", gzip.compress(TEXT, mtime=0) + gzip.compress(TEXT, mtime=0)[:20], "breaks off"),
        ("gzip", gzip.compress(TEXT, mtime=0)[:-8] + b"\0" * 8, "is damaged: it is no gzip"),
        ("gzip", TEXT, "is damaged"),
        ("gzip", gzip.compress(b"", mtime=0) * 1_001, "more than 1000 members"),
        ("deflate", coded(TEXT, zlib.MAX_WBITS)[:-5], "breaks off in the middle of its deflate"),
        ("deflate", b"x", "breaks off"),
        ("deflate", b"\xff\xff\xff", "is damaged"),
    ],
)
def test_a_damaged_or_foreign_coding_is_an_error(
    server: RawServer, surf: Surf, coding: str, body: bytes, fact: str
) -> None:
    with pytest.raises(FetchError, match=fact):
        surf.fetch(server.put("/", answer(body, Content_Encoding=coding)))


def test_the_limit_is_met_to_the_byte(server: RawServer, surf: Surf) -> None:
    url = server.put("/", answer(gzip.compress(TEXT, mtime=0), Content_Encoding="gzip"))
    assert surf.fetch(url, Manners("pace", most_bytes=len(TEXT))).body == TEXT
    with pytest.raises(FetchError, match="larger than"):
        surf.fetch(url, Manners("pace", most_bytes=len(TEXT) - 1))


BOMB = """
import resource, sys, zlib
from newsletter.errors import FetchError
from tests.sources.raw_server import Surf, answer, raw_server
coding, head = sys.argv[1], bytes.fromhex(sys.argv[2])
squeeze = zlib.compressobj(9, wbits=-15)
megabyte = squeeze.compress(bytes(1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
bomb = head + megabyte * 1024
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with raw_server() as server:
    url = server.put("/", answer(bomb, Content_Encoding=coding))
    try:
        Surf().fetch(url)
    except FetchError as error:
        print(error)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print((after - before) // 1024)
"""


@pytest.mark.parametrize(
    ("coding", "head"),
    [("gzip", "1f8b08000000000000ff"), ("deflate", "78da"), ("deflate", "")],
    ids=["gzip", "zlib", "raw deflate"],
)
def test_a_bomb_of_a_gigabyte_takes_little_memory(coding: str, head: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BOMB, coding, head],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    message, grown_mb = done.stdout.splitlines()
    assert "larger than 20,971,520 bytes" in message
    assert int(grown_mb) < 100
