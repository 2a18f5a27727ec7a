"""Addresses of topics, and names of entries and feeds that stay the same for ever."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote

from newsletter.model import EntryId

_LONGEST_SLUG: Final = 60
_NO_WORD: Final = re.compile(r"[\W_]+")
_TAKEN: Final = re.compile(r"|\d{4}(-\d{2}-\d{2})?")
"""Nothing, a year and a day have other pages."""
_TAG_YEAR: Final = "2026"
"""RFC 4151 section 2.1 wants a day on which the domain belonged to whoever names things by it."""
_UNQUOTED: Final = ":/.-_~"


def topic_slugs(names: Iterable[str]) -> Mapping[str, str]:
    """Return for each topic what stands for it in addresses: `language-models`, each another.

    It has letters of any alphabet, digits and hyphens. Where two names would have the same, the later
    gets a number: `vision-2`.
    """
    slugs: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        slug = _free(_slug(name), taken)
        taken.add(slug)
        slugs[name] = slug
    return slugs


def entry_tag(entry: EntryId, domain: str) -> str:
    """Return a name for an entry that no other thing of any site has (RFC 4151)."""
    return f"tag:{domain},{_TAG_YEAR}:entry/{_quoted(entry)}"


def feed_tag(what: str, domain: str) -> str:
    """Return a name for a feed, `what` it is of (RFC 4151)."""
    return f"tag:{domain},{_TAG_YEAR}:{_quoted(what)}"


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe=_UNQUOTED)


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name.casefold()).replace("'", "")
    slug = _NO_WORD.sub("-", plain)[:_LONGEST_SLUG].strip("-")
    return f"topic-{slug}".rstrip("-") if _TAKEN.fullmatch(slug) else slug


def _free(slug: str, taken: set[str]) -> str:
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free
