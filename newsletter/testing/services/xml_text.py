"""XML, written by hand so that every byte is as the services write it."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final
from xml.sax.saxutils import escape, quoteattr

HEAD: Final = "<?xml version='1.0' encoding='UTF-8'?>\n"

_TEX: Final = {
    "\u0301": "\\'",
    "\u0300": "\\`",
    "\u0302": "\\^",
    "\u0308": '\\"',
    "\u0303": "\\~",
}


def element(name: str, text: str = "", attributes: Mapping[str, str] | None = None) -> str:
    """Return an element with text in it, which is escaped; without any text, an empty tag."""
    inside = "".join(f" {key}={quoteattr(value)}" for key, value in (attributes or {}).items())
    return f"<{name}{inside}>{escape(text)}</{name}>" if text else f"<{name}{inside}/>"


def around(name: str, parts: Iterable[str], attributes: Mapping[str, str] | None = None) -> str:
    """Return an element with elements in it, each on a line."""
    inside = "".join(f" {key}={quoteattr(value)}" for key, value in (attributes or {}).items())
    return "\n".join([f"<{name}{inside}>", *parts, f"</{name}>"])


def tex_accents(text: str) -> str:
    r"""Return a name as TeX writes it, e.g. `Andr\'e`; letters for which there is no accent stay."""
    written = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        accent = _TEX.get(parts[1:])
        written.append(f"{accent}{parts[0]}" if accent else letter)
    return "".join(written)
