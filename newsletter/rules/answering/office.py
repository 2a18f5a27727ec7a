"""Who answers, why somebody gets an answer, and what of a stranger's words may stand in it."""

import re
from dataclasses import dataclass
from typing import Final

from newsletter.model import EmailAddress
from newsletter.rules.composing import shorten, tidy_header

SUBJECT_CHARACTERS: Final = 70
_NAME_CHARACTERS: Final = 40
_QUOTED_CHARACTERS: Final = 60
# A mail program makes a link of it; then an answer would carry a stranger's advertisement to anybody.
_LINK: Final = re.compile(r"[\w-][.\u3002\uff0e][^\W\d_]{2}|//|@|\bwww\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Office:
    """Who answers. `address` takes commands from everybody; `owner` is the person behind it all.

    `takes_mail`: whether what is sent back comes in. Where it does not, nobody is told to reply.
    """

    name: str
    address: EmailAddress
    owner: EmailAddress
    takes_mail: bool = True

    @property
    def short_name(self) -> str:
        """The name of the newsletter, fit for a subject or a sentence."""
        return shorten(tidy_header(self.name), _NAME_CHARACTERS)

    @property
    def because_written(self) -> str:
        """Why somebody gets an answer."""
        return f"This mail answers one that came to {self.short_name} from your address."

    @property
    def because_subscribed(self) -> str:
        """Why a subscriber gets a notice."""
        return f"You get this mail because you subscribed to {self.short_name}."


def write_subject_line(text: str) -> str:
    """Return `text` as a subject of at most 70 characters."""
    return shorten(tidy_header(text), SUBJECT_CHARACTERS)


def quotable(text: str) -> str:
    """Return one line of a request as an answer may repeat it, "" where it holds a link or nothing.

    Answers go to whom a request names as its sender, and that can be forged.
    """
    line = tidy_header(text)
    return "" if _LINK.search(line) else shorten(line, _QUOTED_CHARACTERS)
