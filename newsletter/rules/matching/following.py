"""Is an entry by somebody the subscriber follows?"""

from collections.abc import Iterable

from newsletter.model import EntryContent, Follow, Reason, ReasonKind
from newsletter.rules.query import words


def followed(content: EntryContent, follow: Follow) -> tuple[Reason, ...]:
    """Return one reason for each followed author and organization of an entry, authors first.

    An author is compared by the whole name, folded; `Last, First` is read as `First Last`. An
    organization is the same when its words, in one run, are among the words of the other's name:
    following `nvidia` finds `NVIDIA Research`, following `amazon-agi` finds `Amazon AGI`.
    """
    if not (follow.authors or follow.organizations):
        return ()
    authors = {_person(author) for author in content.authors}
    organization = tuple(words(content.organization or ""))
    return (
        *_reasons(ReasonKind.AUTHOR, (name for name in follow.authors if _person(name) in authors)),
        *_reasons(
            ReasonKind.ORGANIZATION,
            (name for name in follow.organizations if _names(tuple(words(name)), organization)),
        ),
    )


def _reasons(kind: ReasonKind, names: Iterable[str]) -> Iterable[Reason]:
    return (Reason(kind, name) for name in dict.fromkeys(names))


def _person(name: str) -> tuple[str, ...]:
    last, comma, first = name.partition(",")
    return tuple(words(f"{first} {last}" if comma else name))


def _names(followed_words: tuple[str, ...], organization: tuple[str, ...]) -> bool:
    """Whether `followed_words` stand in one run in `organization`, or are it but for spaces."""
    size = len(followed_words)
    if not size or not organization:
        return False
    runs = (organization[start : start + size] for start in range(len(organization) - size + 1))
    return followed_words in runs or "".join(followed_words) == "".join(organization)
