"""The keys under which an entry is looked up: ids, and traces of its text."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final
from zlib import crc32

from newsletter.model import FetchedEntry, IdentityKey
from newsletter.rules.identity.ids import canonical_arxiv_id
from newsletter.rules.identity.words import fingerprint, runs_of, words_of

ARXIV: Final = "arxiv:"
DOI: Final = "doi:"
SOURCE: Final = "source:"
TITLE: Final = "title:"
ABSTRACT: Final = "abstract:"

MOST_WEAK_KEYS: Final = 64
"""Of one entry: a source that rewrites an abstract at every pull must not grow a row forever."""

_RUN: Final = 6
"""Words. Four, as in the comparison itself, would be found in any paper ("in this paper we"):
on 7,387 abstracts runs of four pair 41,858 entries for nothing, runs of six 1,144."""
_BINS: Final = 8


def keys_of(fetched: FetchedEntry) -> frozenset[IdentityKey]:
    """Return every key of an announcement.

    Strong keys are `arxiv:ID`, `doi:DOI` and `source:HASH` (what the source itself calls it);
    weak ones only say whom to compare with: `title:HASH` and up to eight `abstract:HASH`. The
    latter are min-hashes (Broder 1997; one permutation in eight bins, Li, Owen and Zhang 2012):
    two abstracts that share a share J of their six-word runs have a key in common with
    probability 1 - (1 - J)⁸.
    """
    own = _digest(f"{fetched.source}\n{fetched.source_id}")
    texts = {f"{SOURCE}{own}", *_id_keys(fetched)}
    if title := "".join(words_of(fetched.content.title)):
        texts.add(f"{TITLE}{fingerprint(title)}")
    texts.update(_abstract_keys(fetched.content.abstract or ""))
    return frozenset(map(IdentityKey, texts))


def join_keys(kept: frozenset[IdentityKey], more: frozenset[IdentityKey]) -> frozenset[IdentityKey]:
    """Return both, except weak keys beyond MOST_WEAK_KEYS, of which those in `kept` stay."""
    added = more - kept
    weak = sorted(key for key in added if is_weak(key))
    room = max(0, MOST_WEAK_KEYS - sum(map(is_weak, kept)))
    return kept | (added - frozenset(weak[room:]))


def is_weak(key: IdentityKey) -> bool:
    """Tell whether different papers may share `key`."""
    return key.startswith((TITLE, ABSTRACT))


def _id_keys(fetched: FetchedEntry) -> Iterable[str]:
    if fetched.arxiv_id:
        yield ARXIV + _without_class(fetched.arxiv_id)
    if not fetched.doi:
        return
    # arXiv registers a DOI for each of its papers: it says the same as the id.
    registered = canonical_arxiv_id(fetched.doi)
    if registered:
        yield ARXIV + _without_class(registered[0])
    else:
        yield DOI + fetched.doi.lower()


def _without_class(arxiv_id: str) -> str:
    """`math.GT/0309136` and `math/0309136` are one paper: numbers are counted by archive."""
    archive, slash, number = arxiv_id.partition("/")
    return f"{archive.partition('.')[0]}/{number}" if slash else arxiv_id


def _abstract_keys(abstract: str) -> Iterable[str]:
    least: dict[int, tuple[int, str]] = {}
    for run in runs_of(words_of(abstract), _RUN):
        checksum = crc32(run.encode())
        place = checksum % _BINS
        if place not in least or checksum < least[place][0]:
            least[place] = (checksum, run)
    for _, run in least.values():
        yield ABSTRACT + _digest(run)


def _digest(text: str) -> str:
    return sha256(text.encode(errors="backslashreplace")).hexdigest()[:16]
