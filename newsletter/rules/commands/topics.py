"""Topics as people write them behind `subscribe`, `add` and `del`."""
# ruff: noqa: SIM905 - a list of one word a line would be long

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from newsletter.model import CatalogueTopic
from newsletter.rules.commands.form import Arguments, Setting, Wrong

MAX_TOPICS: Final = 20
MAX_TOPIC: Final = 200

_PIECE: Final = re.compile(r'"[^"]*"|[^",;]+|"')
_LEADS: Final = re.compile(r"(?:me )?(?:to )?(?:the )?(?:topics? )?:? ?", re.IGNORECASE)
_PROSE: Final = frozenset(
    "i i'm i'd i've me my mine you your yours we our us he she him her his they them it its is are "
    "am was were be been this that these those will would could should can do does did have has "
    "had please thanks thank sorry myself yourself list newsletter mailing emails".split()
)
"""Words of sentences; no topic has them, unless it is written in quotation marks."""
_MOST_WORDS: Final = 8


def fold_catalogue(topics: Iterable[CatalogueTopic]) -> Mapping[str, str]:
    """Return what people may call each topic, folded, with the name it has in the catalogue."""
    known: dict[str, str] = {}
    for offered in topics:
        for called in (offered.topic.title, offered.topic.name):
            known[_fold(called)] = offered.topic.name
    return known


def wanted_topics(_word: str, rest: str, setting: Setting) -> Arguments | Wrong | None:
    """Read topics for a subscription; without any, what everybody gets.

    Behind `subscribe` in a subject stands a person's name, as other list programs want it: words
    that all begin with a capital and name no topic of the catalogue are such a name, and ignored.
    An address is dropped if it is the writer's, else the line is refused.
    """
    if "@" in rest and " " not in rest:
        own = setting.writer and rest.strip("<>").casefold() == setting.writer
        return (
            () if own else Wrong("write from the address that is to get the letters", "subscribe")
        )
    if setting.is_subject and _is_persons_name(rest, setting.catalogue):
        return ()
    return _topics(rest, setting.catalogue) if rest else ()


def some_topics(word: str, rest: str, setting: Setting) -> Arguments | Wrong | None:
    """Read one topic or more."""
    topics = _topics(rest, setting.catalogue)
    return topics if topics != () else Wrong("needs a topic", f"{word} robotics")


def _topics(rest: str, catalogue: Mapping[str, str]) -> Arguments | Wrong | None:
    """Read topics with commas between them; words without commas are one, unless all are known.

    A topic of the catalogue becomes its name there; other words stay as written, with their
    quotation marks: in the topic language these ask for the exact words.
    """
    said = rest[_lead_length(rest) :]
    found: list[str] = []
    for piece in filter(None, _pieces(said)):
        names = _known(piece, catalogue)
        if not names and _is_prose(piece):
            return None
        found += names or [piece]
    if any(len(one) > MAX_TOPIC for one in found):
        return Wrong(f"a topic has at most {MAX_TOPIC} characters", is_certain=True)
    if len(found) > MAX_TOPICS:
        return Wrong(f"at most {MAX_TOPICS} topics in one line", is_certain=True)
    return tuple(dict.fromkeys(found))


def _lead_length(rest: str) -> int:
    found = _LEADS.match(rest)
    return found.end() if found else 0


def _pieces(said: str) -> Iterator[str]:
    """Split at commas that no quotation marks protect: `a, "b, c" d` is `a` and `"b, c" d`."""
    held = ""
    position = 0
    for found in _PIECE.finditer(said):
        if said[position : found.start()].strip(" "):
            yield held.strip()
            held = ""
        held += found[0]
        position = found.end()
    yield held.strip()


def _known(piece: str, catalogue: Mapping[str, str]) -> list[str]:
    bare = piece.strip('"')
    if name := catalogue.get(_fold(bare)):
        return [name]
    names = [catalogue.get(_fold(word)) for word in bare.split(" ")]
    return [name for name in names if name] if all(names) else []


def _is_prose(piece: str) -> bool:
    if '"' in piece:
        return False
    words = piece.casefold().split(" ")
    return len(words) > _MOST_WORDS or not _PROSE.isdisjoint(words)


def _is_persons_name(rest: str, catalogue: Mapping[str, str]) -> bool:
    if not rest or _known(rest, catalogue) or any(c in '",;:()' or c.isdigit() for c in rest):
        return False
    return all(word[:1].isupper() for word in rest.split(" "))


def _fold(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").replace("_", " ").split())
