"""Bodies as they are meant: decoded piece by piece, and never more than was agreed on."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Final, Protocol

from newsletter.errors import FetchError
from newsletter.rules.fetching import AGAIN, LESS

_PIECE: Final = 64 * 1024
_GZIP: Final = 16 + zlib.MAX_WBITS
_ZLIB: Final = zlib.MAX_WBITS
_RAW: Final = -zlib.MAX_WBITS
_GZIP_BEGINS: Final = b"\x1f\x8b"
_MOST_MEMBERS: Final = 1_000
_HEAD: Final = 2
_DEFLATE: Final = 8


class Decoder(Protocol):
    """Turns the octets of a coding into those that were coded, in small pieces."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what `data` adds; raises zlib.error for what is no such coding."""
        ...

    def is_whole(self) -> bool:
        """Whether the end was reached that the coding itself marks."""
        ...


class _Plain:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def is_whole(self) -> bool:
        return True


class _Gzip:
    """One or more members (RFC 1952 section 2.2). What follows and begins no other one is padding."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(_GZIP)
        self._members = 0
        self._head = b""
        self._is_between = True
        self._is_over = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data and not self._is_over:
            if self._is_between:
                data = self._begin(data)
            else:
                yield from _inflated(self._inflate, data)
                data = self._inflate.unused_data
                self._is_between = self._inflate.eof

    def is_whole(self) -> bool:
        return self._is_between and not (self._head and self._members == 0)

    def _begin(self, data: bytes) -> bytes:
        """Begin a member, once its first two octets are here; return what is to be inflated."""
        head = self._head + data
        if len(head) < _HEAD:
            self._head = head
            return b""
        self._head = b""
        if self._members and not head.startswith(_GZIP_BEGINS):
            self._is_over = True
            return b""
        self._members += 1
        if self._members > _MOST_MEMBERS:
            message = f"more than {_MOST_MEMBERS} members"
            raise zlib.error(message)
        self._inflate = zlib.decompressobj(_GZIP)
        self._is_between = False
        return head


class _Deflate:
    """A zlib stream (RFC 9110 section 8.4.1.2), or without its wrapping, as some servers send it."""

    def __init__(self) -> None:
        self._inflate: zlib._Decompress | None = None
        self._head = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._inflate is None:
            self._head += data
            if len(self._head) < _HEAD:
                return
            data = self._head
            self._inflate = zlib.decompressobj(_ZLIB if _is_wrapped(data) else _RAW)
        if not self._inflate.eof:
            yield from _inflated(self._inflate, data)

    def is_whole(self) -> bool:
        return not self._head if self._inflate is None else self._inflate.eof


_DECODERS: Final[dict[str, Callable[[], Decoder]]] = {
    "": _Plain,
    "identity": _Plain,
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
}


def read_body(chunks: Iterable[bytes], coding: str, most_bytes: int) -> bytes:
    """Return the octets of a body that came in `coding`, a Content-Encoding.

    At most `most_bytes` of them, and not more of the coded ones either: a small answer that
    unfolds to gigabytes takes no more memory than a large one. Raises FetchError when it is
    larger, damaged or cut off, and for another coding than was asked for.
    """
    make = _DECODERS.get(coding.strip().lower())
    if make is None:
        raise FetchError(f"is coded as {coding[:50]!r}, which was not asked for")
    decoder, coded_bytes = make(), 0
    # Closed at its end: an error that is kept for the report keeps what its functions held.
    with BytesIO() as body:
        try:
            for chunk in chunks:
                coded_bytes += len(chunk)
                refuse_larger(coded_bytes, most_bytes)
                for piece in decoder.feed(chunk):
                    refuse_larger(body.tell() + len(piece), most_bytes)
                    body.write(piece)
        except zlib.error as error:
            raise FetchError(f"is damaged: it is no {coding} ({error})", remedy=AGAIN) from error
        if not decoder.is_whole():
            raise FetchError(f"breaks off in the middle of its {coding} coding", remedy=AGAIN)
        return body.getvalue()


def refuse_larger(size_bytes: int, most_bytes: int) -> None:
    """Raise FetchError for a body that is too large."""
    if size_bytes > most_bytes:
        fact = f"is larger than {most_bytes:,} bytes, which is the most that is read"
        raise FetchError(fact, remedy=LESS)


def _inflated(inflate: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    while not inflate.eof:
        piece = inflate.decompress(data, _PIECE)
        data = inflate.unconsumed_tail
        yield piece
        if not data and len(piece) < _PIECE:
            return


def _is_wrapped(data: bytes) -> bool:
    """Whether a zlib header begins `data` (RFC 1950 section 2.2)."""
    return data[0] & 0x0F == _DEFLATE and int.from_bytes(data[:2], "big") % 31 == 0
