"""Commands without arguments, and numbers."""
# ruff: noqa: SIM905 - a list of one word a line would be long

import re
from typing import Final

from newsletter.rules.commands.form import Arguments, Setting, Wrong

FILLERS: Final = frozenset(
    "me my myself please pls now immediately thanks thank you the this that these all any more it "
    "from to for of list newsletter newsletters letter letters mail mails email emails mailing "
    "mailings subscription address".split()
)
"""Words with which people finish such a line; they say nothing."""

MAX_AT_MOST: Final = 50
MAX_NUMBERS: Final = 20
MAX_NUMBER: Final = 999
_NUMBERS: Final = re.compile(r"[0-9]{1,3}")
_COUNT_NOUNS: Final = frozenset({"entries", "entry", "papers", "a", "per", "each", "letter"})


def nothing(_word: str, rest: str, _setting: Setting) -> Arguments | Wrong | None:
    """Take no argument; other words make the line prose."""
    return None if rest else ()


def leaving(_word: str, rest: str, setting: Setting) -> Arguments | Wrong | None:
    """Take no argument; one's own address may stand there, as lists ask for it."""
    if "@" in rest and " " not in rest:
        if setting.writer and rest.strip("<>").casefold() == setting.writer:
            return ()
        return Wrong("only the address that gets the letters can leave", "unsubscribe")
    return nothing(_word, rest, setting)


def numbers(word: str, rest: str, _setting: Setting) -> Arguments | Wrong | None:
    """Read the numbers of entries in a letter: `3`, `3 5`, `#3, 5 and 8`."""
    wanted = [one.removeprefix("#") for one in re.split(r"[ ,]+", rest) if one not in {"and", "no"}]
    if not all(_NUMBERS.fullmatch(one) and int(one) for one in wanted):
        return doubt(
            rest, f"needs the number that stands beside the entry, 1 to {MAX_NUMBER}", f"{word} 3"
        )
    if len(wanted) > MAX_NUMBERS:
        return Wrong(f"at most {MAX_NUMBERS} entries in one line", is_certain=True)
    return tuple(str(int(one)) for one in wanted)


def entry_limit(_word: str, rest: str, _setting: Setting) -> Arguments | Wrong | None:
    """Read how many entries a letter may have, 1 to 50."""
    count, *others = rest.split(" ")
    if not _NUMBERS.fullmatch(count) or not _COUNT_NOUNS.issuperset(others):
        return doubt(rest, "needs a number", "at most 8")
    if not 1 <= int(count) <= MAX_AT_MOST:
        return Wrong(f"a letter has 1 to {MAX_AT_MOST} entries", "at most 8")
    return (str(int(count)),)


def doubt(rest: str, reason: str, suggestion: str) -> Wrong | None:
    """Tell a command with wrong words from prose that begins as one does.

    One word, or any digit: somebody tried. More words without a digit: a sentence.
    """
    is_try = " " not in rest or any(letter.isdigit() for letter in rest)
    return Wrong(reason, suggestion) if is_try else None
