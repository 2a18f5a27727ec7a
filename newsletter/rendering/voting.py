"""How a letter lets its reader vote on the entries: by links, or by an answer."""

import re
from typing import Final

from newsletter.model import Letter, LetterLinks
from newsletter.rendering.addresses import link_address

_TOKEN: Final = re.compile(r"/[0-9A-Za-z-]{1,200}\Z")
_BY_MAIL: Final = (
    "Would you like more of one kind, and less of another? Answer this letter with "
    "“like\u00a03” or “dislike\u00a02”."
)


def votes_href(links: LetterLinks) -> str:
    """Return the page of votes; empty where there is none, or its token is not of the usual kind.

    Tokens of letters, digits and hyphens are encoded as they stand, so that letters share the rest.
    """
    href = link_address(links.votes_url or "")
    return href if _TOKEN.search(href) else ""


def vote_hint(letter: Letter) -> str:
    """Return how to vote by an answer; empty where there are pages, no mail comes in, or no entry is."""
    head = letter.letterhead
    return _BY_MAIL if head.takes_mail and not head.url and letter.entries else ""
