"""Does this answer say yes?"""
# ruff: noqa: RUF001, SIM905 - words of many languages, in lists that would be long

import re
from typing import Final

from newsletter.model import Command, CommandName, InboundMail
from newsletter.rules.commands.form import Setting
from newsletter.rules.commands.parsing import bare, parse_line
from newsletter.rules.plain_lines import own_lines

MAX_READ: Final = 50

_YES: Final = frozenset(
    "yes y yep yeah ok okay k sure fine agreed agree confirm confirmed ja jo jawohl einverstanden "
    "bestätige bestätigt oui d'accord confirme si sí claro vale confirmo confermo sim hai はい "
    "tak potwierdzam да подтверждаю 是 是的 确认 好 kyllä joo evet igen ano áno nai ναι".split()
)
_NO: Final = frozenset(
    "no not never none nobody don't didn't "
    "nein nicht nie kein keine non pas jamais nunca não nee niet "
    "geen nej inte ikke nie nem ne нет не 不 不是 否".split()
)
_SOFTENERS: Final = frozenset(
    "please thanks thank you i do it this the my subscription go ahead bitte danke merci".split()
)


def agrees(mail: InboundMail) -> bool:
    """Return whether an answer to a question for confirmation says yes.

    It does when its writer wrote nothing at all, or a line that is no more than a yes, and beside
    it no other command, no question and no word of refusal; anything else is not taken for
    consent. That the message came to the address with the token is for the caller to see, and
    that no robot wrote it.
    """
    lines = [line.text for line in own_lines(mail)[:MAX_READ] if line.text]
    if not lines:
        return True
    if any(_doubts(line) for line in lines):
        return False
    wishes = [parse_line(line, Setting(), 0) for line in lines]
    others = [one for one in wishes if isinstance(one, Command)]
    if any(one.name is not CommandName.CONFIRM for one in others):
        return False
    return bool(others) or any(_says_yes(line) for line in lines)


def _doubts(line: str) -> bool:
    return "?" in line or not _NO.isdisjoint(_words(line))


def _words(line: str) -> list[str]:
    return re.split(r"[\s,.!;:]+", bare(line).casefold())


def _says_yes(line: str) -> bool:
    words = [word for word in _words(line) if word]
    is_yes = not _YES.isdisjoint(words)
    return is_yes and all(word in _YES or word in _SOFTENERS for word in words)
