"""What our own mail server found out about the sender (RFC 8601), told from what others wrote."""

import re
from typing import Final

from newsletter.model import InboundMail
from newsletter.rules.addresses import domain_of
from newsletter.rules.inbound.parameters import segments, unquoted

_RESULT: Final = re.compile(r"dmarc(?:/\d{1,3})?=([a-z]{1,20})", re.IGNORECASE)
_FROM: Final = "header.from="
_WORD: Final = re.compile(r'(?:"(?:[^"\\]|\\.)*"?|[^\s"])+')
_SIGN: Final = re.compile(r" ?([/=.]) ?")


def dmarc_passed(mail: InboundMail, authserv_id: str | None) -> str | None:
    """Return the domain for which our server says that DMARC passed, if it is that of the From field.

    Only the topmost Authentication-Results field of `authserv_id` counts: whoever sent the
    message can have written those below it (RFC 8601 section 5). A field with two DMARC results
    counts when all of them pass for that domain. None: nobody vouches, or no server is configured.
    """
    if not authserv_id or mail.from_address is None:
        return None
    domain = domain_of(mail.from_address)
    for value in mail.fields.get("authentication-results", ()):
        head, *results = segments(value)
        if _name(head) == authserv_id.casefold():
            found = [one for one in map(_dmarc, results) if one is not None]
            return domain if found and set(found) == {("pass", domain)} else None
    return None


def _name(head: str) -> str:
    # RFC 8601 section 2.2: a version may stand behind the name.
    return unquoted("".join(head.split()[:1])).casefold()


def _dmarc(result: str) -> tuple[str, str] | None:
    """Return the result and the header.from of a DMARC result; None when it is of another method."""
    words = _WORD.findall(_SIGN.sub(r"\1", " ".join(result.split())))
    method = _RESULT.fullmatch(words[0]) if words else None
    if method is None:
        return None
    named = [word for word in words[1:] if word.lower().startswith(_FROM)]
    if len(named) != 1:
        return method[1].lower(), ""
    return method[1].lower(), unquoted(named[0][len(_FROM) :]).lower().rstrip(".")
