"""Which two or three sentences of an abstract tell this reader most?

An abstract begins with what everybody knows and ends with numbers. Its first sentences are safe;
the best ones are those that speak of what the reader asked for. So each sentence has a worth by its
place, and one by the words of the reader's topic that it holds and no sentence chosen before has
(that is the choice by new information of Carbonell and Goldstein, 1998, with words for meaning).
A sentence that leans on the one before it (`This …`, `However, …`) loses most of its worth when that
one is missing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from newsletter.model import Reason, ReasonKind
from newsletter.rules.composing.sentences import split_sentences
from newsletter.rules.composing.tidy import shorten
from newsletter.rules.query import content_words, words

SUMMARY_CHARACTERS: Final = 420
SUMMARY_SENTENCES: Final = 3
_READ_SENTENCES: Final = 24
_GAP: Final = " … "

_MATCHED: Final = 1.0
"""For all the words that matched together; a sentence that holds half of them gets half."""
_TITLE: Final = 0.5
"""For all the words of the topics' titles."""
_PLACES: Final = (0.60, 0.45, 0.40)
_LATER_PLACE: Final = 0.30
_LEANING_SHARE: Final = 0.4
_LEANING: Final = frozenset(
    {
        *("also", "although", "another", "both", "but", "consequently", "finally", "furthermore"),
        *("hence", "however", "it", "its", "likewise", "meanwhile", "moreover", "nevertheless"),
        *("next", "nonetheless", "second", "similarly", "so", "such", "that", "their", "then"),
        *("therefore", "these", "they", "third", "this", "those", "thus", "yet"),
    }
)


@dataclass(frozen=True, slots=True)
class _Sentence:
    place: int
    text: str
    words: frozenset[str]
    is_leaning: bool


def summarize(
    abstract: str, reasons: Sequence[Reason] = (), *, limit: int = SUMMARY_CHARACTERS
) -> str:
    """Return the best sentences of `abstract`, at most three, in its order, within `limit` characters.

    The best are the first where no topic is among `reasons`. An ellipsis stands where sentences
    between two are left out. When all are longer than `limit`, the first is cut at a word.
    """
    sentences = _sentences(abstract)
    wanted = _wanted_words(reasons)
    chosen: list[_Sentence] = []
    left = [one for one in sentences if len(one.text) <= limit] or [*sentences[:1]]
    while left and len(chosen) < SUMMARY_SENTENCES:
        best = max(left, key=lambda sentence: _worth(sentence, chosen, wanted))
        left.remove(best)
        longer = sorted([*chosen, best], key=lambda sentence: sentence.place)
        if not chosen or len(_joined(longer)) <= limit:
            chosen = longer
        elif not _news(best, chosen, wanted):
            break
    return shorten(_joined(chosen), limit)


@lru_cache(maxsize=1_024)  # an entry is summarized for each of its reasons
def _sentences(abstract: str) -> tuple[_Sentence, ...]:
    begun = islice(split_sentences(abstract), _READ_SENTENCES)
    return tuple(_read(place, text) for place, text in enumerate(begun))


def _read(place: int, text: str) -> _Sentence:
    found = words(text)
    return _Sentence(place, text, frozenset(found), bool(found) and found[0] in _LEANING)


def _wanted_words(reasons: Iterable[Reason]) -> dict[str, float]:
    """Return what each word of the topics is worth."""
    topics = [reason for reason in reasons if reason.kind is ReasonKind.TOPIC]
    worth: dict[str, float] = {}
    for texts, total in (
        ([word for topic in topics for word in topic.words], _MATCHED),
        ([topic.subject for topic in topics], _TITLE),
    ):
        found = set(content_words(" ".join(texts)))
        for word in found:
            worth[word] = worth.get(word, 0.0) + total / len(found)
    return worth


def _worth(
    sentence: _Sentence, chosen: Sequence[_Sentence], wanted: dict[str, float]
) -> tuple[float, int]:
    place = _PLACES[sentence.place] if sentence.place < len(_PLACES) else _LATER_PLACE
    worth = place + _news(sentence, chosen, wanted)
    is_alone = sentence.is_leaning and all(one.place != sentence.place - 1 for one in chosen)
    if is_alone and sentence.place > 0:
        worth *= _LEANING_SHARE
    return worth, -sentence.place


def _news(sentence: _Sentence, chosen: Sequence[_Sentence], wanted: dict[str, float]) -> float:
    """Return what the wanted words are worth that no chosen sentence holds."""
    said = frozenset().union(*(one.words for one in chosen))
    return sum(wanted[word] for word in sorted(sentence.words - said) if word in wanted)


def _joined(sentences: Sequence[_Sentence]) -> str:
    text = ""
    last = -1
    for sentence in sentences:
        gap = " " if sentence.place == last + 1 else _GAP
        text = f"{text}{gap}{sentence.text}" if text else sentence.text
        last = sentence.place
    return text
