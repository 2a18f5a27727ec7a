"""Addresses in mails: the target of a redirect where it stands in the address, without its marks.

Nothing is ever asked: who opens such an address tells the sender that the mail was read, and some
cancel the subscription.
"""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from newsletter.sources.urls import read_url

_MOST_REDIRECTS: Final = 4
_LONGEST: Final = 4_000
_MOST_PARAMETERS: Final = 60
_URL: Final = re.compile(r"https?://[^\s\"'<>\\]{4,3000}", re.IGNORECASE)
_BASE64: Final = re.compile(r"[A-Za-z0-9_-]{16,3000}={0,2}")
_MARKS: Final = re.compile(
    r"utm_\w+|mc_\w+|_hs\w+|hs\w*enc|mkt_tok|fbclid|gclid|dclid|msclkid|yclid|igshid|vero_\w+|oly_\w+|"
    r"ck_subscriber_id|subscriber_?id|recipient_?id|elqtrack\w*|s_cid|trk\w*|cmpid|email|e?mail_?id|"
    r"token|inf_contact_key|ml_subscriber\w*|bbeml|scisig|ust|usg",
    re.IGNORECASE,
)
"""Parameters that tell the sender who opens the address, and change nothing of what it shows."""
_SAFE: Final = "/:?&=@!$'()*+,;~-._"
_PROOFPOINT: Final = re.compile(r"urldefense(?:\.proofpoint)?\.com", re.IGNORECASE)
_PROOFPOINT_3: Final = re.compile(r"/v3/__(https?:/{1,2}.{4,3000}?)__;", re.IGNORECASE)
_COUNTERS: Final = frozenset(
    {
        "c", "cl", "click", "clicks", "clk", "ct", "email", "emails", "go", "l", "link", "links",
        "lnk", "lnks", "ls", "mail", "news", "newsletter", "r", "redir", "redirect", "t", "tr", "track",
        "tracker", "tracking", "trk", "url", "wf",
    }
)  # fmt: skip
"""Words in hosts and paths of programs that count who opens what."""
_TARGETS: Final = re.compile(
    r"u|url|q|a|l|r|to|go|goto|out|link|href|target|dest(?:ination)?|redir(?:ect)?(?:_?(?:url|uri|to))?|"
    r"r?url\d?|continue|next_?url|domain_url|p\d?",
    re.IGNORECASE,
)
"""Parameters of redirects that hold where they lead."""
_OPAQUE: Final = re.compile(
    r"(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=[^0-9]*[0-9])[A-Za-z0-9_=%+.~-]{20,}|[0-9a-fA-F]{24,}"
)
"""A name for a reader, not for people to read: as `AbC1…`, or a long number in hexadecimal."""
_NUMBERED: Final = re.compile(r"\d+$")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a link leads. `url` is None where nobody can tell without opening it."""

    url: str | None
    written: str
    """The address before its marks were taken off: what it says of itself, for a look."""


def read_address(written: str) -> Address | None:
    """Return where a link leads; None when it is no address of the web.

    A redirect whose target stands in it is that target; one that only its owner can resolve has
    no `url`. Marks of campaigns and readers are taken off.
    """
    url = read_url(written[:_LONGEST]) or read_url(_tidied(written[:_LONGEST]))
    for _ in range(_MOST_REDIRECTS):
        if url is None:
            return None
        target = _target(url)
        if target is None or target == url:
            break
        url = target
    return Address(None if url is None or _counts(url) else _unmarked(url), url or "")


def _tidied(written: str) -> str:
    """Return an address with what mail programs leave unquoted quoted."""
    return quote(written.strip(), safe=f"{_SAFE}%#[]")


def _target(url: str) -> str | None:
    """Return the address that stands in another one: as a parameter, or as a part of its path."""
    parts = urlsplit(url)
    if _PROOFPOINT.fullmatch(parts.netloc):
        return _of_proofpoint(url, parts)
    candidates = [value for key, value in _parameters(parts) if _TARGETS.fullmatch(key)]
    if _is_redirect(parts):
        candidates += [unquote(piece) for piece in parts.path.split("/") if "%" in piece]
        candidates += _encoded(parts.path)
    found = (_URL.match(one.strip()) for one in candidates)
    return next((read for one in found if one and (read := read_url(_tidied(one[0])))), None)


def _parameters(parts: SplitResult) -> list[tuple[str, str]]:
    try:
        return parse_qsl(parts.query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return []


def _of_proofpoint(url: str, parts: SplitResult) -> str | None:
    if found := _PROOFPOINT_3.search(url):
        return read_url(found[1])
    told = dict(_parameters(parts)).get("u", "")
    return read_url(unquote(told.translate(str.maketrans("-_", "%/"))))


def _encoded(path: str) -> Iterator[str]:
    """Yield the addresses that are hidden in base64, as some senders of newsletters do."""
    for piece in path.split("/"):
        for told in _BASE64.findall(piece)[:3]:
            body = told.rstrip("=")
            if len(body) % 4 == 1:
                continue
            text = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode("utf-8", "ignore")
            if found := _URL.search(text):
                yield found[0]


def _is_redirect(parts: SplitResult) -> bool:
    words = (*parts.netloc.lower().split("."), *parts.path.lower().split("/"))
    return any(_NUMBERED.sub("", word) in _COUNTERS or "track" in word for word in words)


def _counts(url: str) -> bool:
    """Tell whether an address leads to somebody who counts, and only they know on to where."""
    parts = urlsplit(url)
    if not _is_redirect(parts):
        return False
    pieces = (*parts.path.split("/"), *(value for _, value in _parameters(parts)))
    return any(_OPAQUE.fullmatch(piece) for piece in pieces)


def _unmarked(url: str) -> str:
    parts = urlsplit(url)
    told = _parameters(parts)
    kept = [(key, value) for key, value in told if not _MARKS.fullmatch(key) and "@" not in value]
    if len(kept) == len(told):
        return url
    return urlunsplit(parts._replace(query=urlencode(kept, safe="/:,")))
