"""Bytes of a mail → text, whatever its labels say. Nothing here fails; what cannot be read is U+FFFD."""

import binascii
import re
from typing import Final

_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
_NOT_BASE64: Final = bytes(
    sorted(
        set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    )
)
_LABEL_SIGNS: Final = re.compile(r"[\s_]")

_CODECS: Final = {
    # Windows' code pages hold all that the ISO ones hold, and are what many programs mean by them.
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "iso-8859-9": "cp1254", "iso8859-9": "cp1254", "latin5": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "cp936": "gb18030",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "cp950": "cp950",
    "shift-jis": "cp932", "shiftjis": "cp932", "sjis": "cp932", "x-sjis": "cp932",
    "windows-31j": "cp932", "cp932": "cp932", "euc-jp": "euc_jp", "iso-2022-jp": "iso2022_jp_ext",
    "euc-kr": "cp949", "ks-c-5601-1987": "cp949", "cp949": "cp949", "iso-2022-kr": "iso2022_kr",
    "koi8-r": "koi8_r", "koi8-u": "koi8_u", "macintosh": "mac_roman",
    "utf-16": "utf_16", "utf-16le": "utf_16_le", "utf-16be": "utf_16_be",
    **{f"iso-8859-{part}": f"iso8859_{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **{f"windows-{page}": f"cp{page}" for page in range(1250, 1259)},
    **{f"cp{page}": f"cp{page}" for page in (437, 850, 852, 866, *range(1250, 1259))},
}  # fmt: skip
"""Only these: some codecs of Python take quadratic time (punycode) or read escapes, and each unknown
name that it is asked for stays in its memory."""


def decode(data: bytes, label: str) -> str:
    """Return the text of `data`, called `label` by its sender.

    A label that is missing, wrong or unknown is guessed at: UTF-8, else windows-1252.
    """
    label = _LABEL_SIGNS.sub("-", label.strip().lower())
    codec = _CODECS.get(label)
    return decode_unlabelled(data) if codec is None else data.decode(codec, "replace")


def decode_unlabelled(data: bytes) -> str:
    """Return the text of `data`: UTF-8 unless more of it is wrong than right, then windows-1252."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    wrong = text.count(_REPLACEMENT)
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return data.decode("cp1252", "replace") if 2 * wrong > beyond_ascii else text


def transfer_decode(data: bytes, encoding: str) -> bytes:
    """Undo a Content-Transfer-Encoding (RFC 2045 section 6); one that is unknown is taken for none."""
    match encoding.strip().lower():
        case "base64":
            return from_base64(data)
        case "quoted-printable":
            return binascii.a2b_qp(data)
        case _:
            return data


def from_base64(data: bytes) -> bytes:
    """Return what `data` says in base64 (RFC 4648): foreign signs are skipped, a torn end is dropped."""
    clean = data.translate(None, _NOT_BASE64)
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
