"""Which words of a free text carry its meaning."""

from collections.abc import Iterable
from typing import Final

from newsletter.rules.query.words import words

_LISTED: Final = """
a about above across after again against all almost along already also although always am among
an and another any anything are around as at away back be became because become been before
behind being below between both but by can cannot could did do does doing done down during each
either else enough especially etc even ever every everything except few for from further get
gets give given gives go goes going had has have having he help helped helping helps her here
hers him his how however i if in instead into is it its itself just keep kind less let lets like
likely made mainly make makes making many may me might mine more most mostly much must my near
need needs neither never no nor not nothing now of off often on once one only onto or other
others our ours out over own part particularly per perhaps please quite rather really related s
same say see shall she should since so some something sort still such t take than that the their
theirs them then there these they thing things this those through thus to together too toward
towards under until up upon us use used useful uses using various very via want was way ways we
well were what when where whether which while who whom whose why will with within without would
yet you your yours based interested interest interesting paper papers article articles research
work works study studies recent new novel topic topics
"""
_STOPWORDS: Final = frozenset(_LISTED.split())
"""English function words, and words with which people introduce what they want to read."""


def content_words(text: str) -> tuple[str, ...]:
    """Return the distinct folded words of `text` that say what it is about, in order.

    Empty when it says nothing: `about: "of the"` cannot be matched. Single letters say
    nothing, but for characters of scripts that write no spaces and for `C`, `R` and their like
    with a sign (`c++`).
    """
    return content_of(words(text))


def content_of(folded: Iterable[str]) -> tuple[str, ...]:
    """Return the same of a text of which the folded words are known."""
    said = [
        word for word in folded if word not in _STOPWORDS and (len(word) > 1 or not word.isascii())
    ]
    return tuple(dict.fromkeys(said))
