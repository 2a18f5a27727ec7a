"""TeX taken out of a text, as far as the words in it need that. Not for showing: see rendering."""

import re
from typing import Final

_ACCENT: Final = re.compile(r"""\\["'`^~=.](?:\{\s*([^\W\d_])\s*\}|([^\W\d_]))""")
r"""`Schr\"odinger`, `Poincar\'{e}`: the letter stays, its accent would be folded anyway."""

_FORMATTING: Final = re.compile(
    r"\\(?:math[a-z]+|text[a-z]*|operatorname|boldsymbol|bm|emph|rm|bf|it|sf|tt|cal|frac|sqrt|left|right"
    r"|hat|tilde|bar|vec|overline|underline|widetilde|widehat)(?![a-z])\*?\s*"
)
r"""Commands that dress a text; a command that stands for a word (`\alpha`) keeps its name."""

_MATH: Final = re.compile(r"\$([^$]{1,80})\$")

_SCRIPT: Final = re.compile(r"[_^](?=[{\\\w])")
_GROUP_SCRIPT: Final = re.compile(r"[_^](?=\{)")
"""A raised or lowered part belongs to its word: `A$^2$TGPO`, `CO$_2$`."""

_SIGNS: Final = str.maketrans("", "", "${}")
"""What stands between the letters of one word: `{B}ayesian`."""


def without_tex(text: str) -> str:
    r"""Return `text` with its words whole: `$\mathcal{B}$-Coder` → `B-Coder`, `CO$_2$` → `CO2`.

    A text without a dollar sign and a backslash comes back as it is, so `snake_case` keeps its
    underscore (which ends a word). Money (`$5`) only loses its sign.
    """
    if "$" not in text and "\\" not in text:
        return text
    plain = _FORMATTING.sub("", _ACCENT.sub(lambda found: found[1] or found[2], text))
    joined = _MATH.sub(lambda found: _SCRIPT.sub("", found[1]), plain)
    return _GROUP_SCRIPT.sub("", joined).translate(_SIGNS)
