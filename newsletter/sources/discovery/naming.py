"""What a new source is called in config.yaml."""

import re
import unicodedata
from collections.abc import Collection
from typing import Final

from newsletter.sources.discovery.findings import Candidate

LONGEST_NAME: Final = 40
_NAME: Final = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_-]{{0,{LONGEST_NAME - 1}}}")
_LEAST_LETTERS: Final = 3
_ROOM: Final = 4
"""For `-99` at the end of a name that is taken."""
_SAYS_NOTHING: Final = frozenset(
    {
        "a",
        "all",
        "atom",
        "blog",
        "entries",
        "feed",
        "for",
        "home",
        "index",
        "latest",
        "my",
        "new",
        "news",
        "of",
        "our",
        "page",
        "posts",
        "recent",
        "rss",
        "site",
        "the",
        "updates",
        "weblog",
        "website",
        "welcome",
    }
)


def is_name(text: str) -> bool:
    """Whether a source may be called so."""
    return bool(_NAME.fullmatch(text))


def name_for(candidate: Candidate, taken: Collection[str]) -> str:
    """Return a name that no source has: of the title, or of its host where the title says nothing."""
    words = _words(candidate.title)
    telling = [word for word in words if word not in _SAYS_NOTHING]
    if sum(map(len, telling)) < _LEAST_LETTERS:
        words = _words(candidate.fallback.removeprefix("www."))
    name = _joined(words) or candidate.kind
    used = {one.lower() for one in taken}
    number, unique = 1, name
    while unique.lower() in used:
        number += 1
        unique = f"{name}-{number}"
    return unique


def _words(text: str) -> list[str]:
    """Return the words of a text in plain small letters, accents left out."""
    plain = unicodedata.normalize("NFKD", text[:500]).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", plain.replace("'", ""))


def _joined(words: list[str]) -> str:
    """Return as many whole words as there is room for; of a longer one its beginning."""
    room = LONGEST_NAME - _ROOM
    name = words[0][:room] if words else ""
    for word in words[1:]:
        if len(name) + 1 + len(word) > room:
            break
        name = f"{name}-{word}"
    return name
