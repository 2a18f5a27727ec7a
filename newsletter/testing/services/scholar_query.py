"""The operators of Semantic Scholar's bulk search: + | - quotes * and brackets left out."""

import re
from typing import Final

_TOKEN: Final = re.compile(r'[+|-]?"[^"]*"(?:~\d+)?|[+|]|-?[^\s+|"]+')


def matches(query: str, text: str) -> bool:
    """Whether a text has what is asked for: words side by side must all be there, `|` means or."""
    low = text.lower()
    choices: list[list[str]] = [[]]
    for token in _TOKEN.findall(query.lower()):
        if token == "|":  # noqa: S105 - a sign of the language
            choices.append([])
        elif token != "+":  # noqa: S105 - likewise
            choices[-1].append(token)
    return any(all(_is_there(token, low) for token in words) for words in choices)


def _is_there(token: str, text: str) -> bool:
    is_unwanted = token.startswith("-")
    phrase = re.sub(r"~\d+$", "", token.lstrip("+-|")).strip('"')
    pattern = re.escape(phrase).replace(r"\*", r"\w*")
    return bool(re.search(rf"\b{pattern}\b", text)) is not is_unwanted
