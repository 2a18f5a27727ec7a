"""The ports of RECEIVE, filled from a newsroom."""

from base64 import b32encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache, partial
from secrets import token_bytes
from typing import Final

from newsletter.bootstrap.indexes import index_anew
from newsletter.bootstrap.mail_desk import MailDesk
from newsletter.bootstrap.mail_sources import make_inboxes
from newsletter.bootstrap.newsroom import Newsroom
from newsletter.model import EmailAddress, EntryId, Listing, Subscriber
from newsletter.rendering import RenderAnswer, make_answer_renderer, readable_content
from newsletter.rules.addresses import address_key
from newsletter.rules.answering import Office
from newsletter.rules.inbound import OwnNames
from newsletter.rules.matching import in_daily_letters
from newsletter.storage import LetterPartings
from newsletter.workflows import (
    PostPorts,
    ReceivePorts,
    erase_person,
    export_person,
    list_export,
)

_TOKEN_BYTES: Final = 20
_TOKEN_LENGTH: Final = 26
"""130 bits in base32, and short enough for a local part with a word before it."""
_WEEK: Final = timedelta(days=7)


def new_token() -> str:
    """Return 26 letters and digits by chance; in lower case, because some mail servers fold it."""
    return b32encode(token_bytes(_TOKEN_BYTES)).decode().lower()[:_TOKEN_LENGTH]


def takes_mail(room: Newsroom) -> bool:
    """Whether readers are told that they can reply.

    Not on trial, as long as no way in is open: their mail would go nowhere. Elsewhere it may come by a
    pipe, of which the config knows nothing; and where there are no pages there is no other way.
    """
    head = room.dressing.letterhead
    return head.takes_mail or room.received is None or not head.url


def receiving(room: Newsroom) -> ReceivePorts:
    """Return the ports of RECEIVE. Raises RenderingError for a broken template of answers."""
    head = room.dressing.letterhead
    offered = tuple(room.config.catalogue().values())
    post = PostPorts(
        room.correspondence,
        room.clock,
        _renderer_of(tuple(sorted(room.dressing.templates.items()))),
        room.press.sign,
        head,
        room.press.secrets,
        new_token,
    )
    return ReceivePorts(
        post=post,
        office=Office(
            head.name, EmailAddress(f"news@{head.domain}"), head.owner, takes_mail=takes_mail(room)
        ),
        own=OwnNames(head.domain),
        subscribing=room.subscribing(),
        desk=MailDesk(room),
        ledger=room.ledger,
        partings=LetterPartings(room.database),
        bounces=room.bounces,
        votes=room.votes,
        catalogue=offered,
        week_counts=partial(_week_counts, room),
        erase=lambda person: _erase(room, person),
        export=lambda person: _export(room, person),
        authserv_id=room.config.inbound.trusted_authserv_id,
        postbag=room.postbag,
        inboxes=make_inboxes(room.sources, room.config.sources),
        titles=partial(_titles, room),
    )


@lru_cache(maxsize=4)  # to compile templates takes a tenth of a second
def _renderer_of(templates: tuple[tuple[str, str], ...]) -> RenderAnswer:
    return make_answer_renderer(dict(templates))


def _week_counts(room: Newsroom) -> Mapping[str, int]:
    """Return how many entries of the last week each topic of the catalogue finds."""
    since = room.clock.now() - _WEEK
    entries = room.entries.find(since=since)
    index = index_anew(room)(entries)
    offered = room.config.catalogue().items()
    return {
        name: len(in_daily_letters(one.topic, index.answer(one.topic), entries))
        for name, one in offered
    }


def _titles(room: Newsroom, entries: Iterable[EntryId]) -> Mapping[EntryId, str]:
    found = room.entries.get(entries)
    return {id_: readable_content(one.content).title for id_, one in found.items()}


def _erase(room: Newsroom, person: Subscriber) -> None:
    erase_person(address_key(person.address), room.privacy())


def _export(room: Newsroom, person: Subscriber) -> Sequence[Listing]:
    return list_export(export_person(address_key(person.address), room.privacy()))
