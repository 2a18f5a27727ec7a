"""The way from what somebody typed to the sources that it means."""

import re
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from newsletter.errors import FetchError
from newsletter.model import PullOrder
from newsletter.ports import Web
from newsletter.rules.fetching import read_place
from newsletter.sources.discovery.asking import ask_about
from newsletter.sources.discovery.findings import Candidate, Discovery, Hint
from newsletter.sources.discovery.known_addresses import by_mail, recognise
from newsletter.sources.discovery.local import is_path, look_at_path
from newsletter.sources.discovery.page_links import as_web

_MAIL: Final = re.compile(r"mailto:.*|[^\s/@:]+@[^\s/@:]+", re.IGNORECASE)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def discover(written: str, web: Web, order: PullOrder, *, folder: Path) -> Discovery:
    """Return what `written` is: an address of the web or of mail, or a path on this machine.

    Known services are told by their address alone; all else is asked or read. A web address may
    lack `https://`. Paths are proposed as seen from `folder`, that of config.yaml. Never raises
    for what is there or not: why it is no source stands in the Discovery.
    """
    written = written.strip()
    if _MAIL.fullmatch(written):
        return Discovery(hint=_sentence(by_mail("this is a mail address")))
    if is_path(written):
        return look_at_path(_path(written), folder, order)
    url = _address(written)
    try:
        read_place(url)
    except FetchError as error:
        return Discovery((), (str(error),), "Write the address of a page or feed, https://…")
    match recognise(url):
        case Candidate() as known:
            return Discovery((known,))
        case Hint(text=text):
            return Discovery(hint=_sentence(text))
        case None:
            return ask_about(url, web, order)


def _address(written: str) -> str:
    url = as_web(written)
    return url if _SCHEME.match(url) else f"https://{url}"


def _path(written: str) -> str:
    """Return the path that a `file:` address names."""
    if not written.lower().startswith("file:"):
        return written
    rest = written[len("file:") :]
    return unquote(rest.removeprefix("//localhost").removeprefix("//"))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
