r"""Letters of names that a feed writes in TeX: `Ibarram\'on`, `Gr{\"u}nhagel`, `\O{}vreb\o`.

The query API, the records and every other source have them in Unicode. Left as they are, the same
names would differ from pull to pull, and an entry would be changed back and forth.
"""

import re
import unicodedata
from typing import Final

from newsletter.rules.tex_letters import ACCENTS, NAMED_LETTERS

_ACCENTED: Final = re.compile(
    r"""\\(?:
      (?P<sign>['"`^~=.]) (?: \{\\?(?P<a>[A-Za-z])\} | \\(?P<b>[ij])(?![A-Za-z]) | (?P<c>[A-Za-z]) )
    | (?P<word>[uvHcdbkr]) (?: \{\\?(?P<d>[A-Za-z])\} | [ ](?P<e>[A-Za-z]) )
    )""",
    re.VERBOSE,
)
_APOSTROPHE: Final = re.compile(r"[A-Z]\\'[A-Z]$")
r"""`O\'Neil`: meant is no accent."""
_LETTER: Final = re.compile(
    r"\\("
    + "|".join(sorted(NAMED_LETTERS, key=len, reverse=True))
    + r")(?![A-Za-z])(?:\{\}|[ ](?=[a-z]))?"
)
_IN_BRACES: Final = re.compile(r"\{([^\W\d_])\}")


def in_unicode(names: str) -> str:
    """Return names with their TeX letters in Unicode (form NFC); what is no letter stays as it is."""
    if "\\" not in names:
        return names
    accented = _ACCENTED.sub(_accented, names)
    plain = _LETTER.sub(lambda found: NAMED_LETTERS[found[1]], accented)
    return _IN_BRACES.sub(r"\1", plain)


def _accented(found: re.Match[str]) -> str:
    if _APOSTROPHE.search(found.string, max(0, found.start() - 1), found.end()):
        return f"'{found['c']}"
    letter = next(found[name] for name in "abcde" if found[name])
    made = unicodedata.normalize("NFC", letter + ACCENTS[found["sign"] or found["word"]])
    return made if len(made) == 1 else found[0]
