"""From a decided edition to the bytes that leave: the same function for sending and preview."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NewType

from newsletter.model import (
    Dressing,
    Edition,
    EmailAddress,
    EntryContent,
    Envelope,
    RenderedEmail,
    RevisionId,
)
from newsletter.ports import EntryStore, Ledger, MakeRenderer
from newsletter.rules.addresses import Secrets, letter_links, message_id, verp_sender
from newsletter.rules.composing import compose
from newsletter.rules.messages import MessageHeaders, build

MessageId = NewType("MessageId", str)


@dataclass(frozen=True, slots=True)
class Press:
    """What rendering needs. `make_renderer` keeps what it made: templates compile once."""

    entries: EntryStore
    ledger: Ledger
    make_renderer: MakeRenderer
    secrets: Secrets


@dataclass(frozen=True, slots=True)
class PrintedLetter:
    """A letter ready to leave, and its two forms for a person who looks at it."""

    envelope: Envelope
    message_id: MessageId
    rendered: RenderedEmail


def print_letter(edition: Edition, press: Press) -> PrintedLetter:
    """Render one edition; the same edition gives the same bytes.

    Raises RenderingError for a template, MessageError for a value that cannot stand in a header,
    StorageError when a revision that the edition names is gone.
    """
    revisions = [match.revision for match in (*edition.matches, *edition.also_matched)]
    contents = press.entries.contents(revisions)
    return print_with(edition, press, contents, press.ledger.dressing(edition.dressing))


def print_with(
    edition: Edition,
    press: Press,
    contents: Mapping[RevisionId, EntryContent],
    dressing: Dressing,
) -> PrintedLetter:
    """Render an edition whose contents and dressing are at hand (a preview that is not stored)."""
    head = dressing.letterhead
    links = letter_links(edition.id, press.secrets, head)
    sources = {one.entry: one.sources for one in (*edition.matches, *edition.also_matched)}
    letter = compose(edition, contents, sources, head, links)
    rendered = press.make_renderer(dressing.templates).render(letter)
    identifier = message_id(edition.id, edition.reader.subscriber, press.secrets, head.domain)
    headers = MessageHeaders(
        from_name=head.from_name,
        from_address=head.from_address,
        to=edition.reader.address,
        subject=rendered.subject,
        date=edition.planned_at,
        message_id=identifier,
        list_name=head.name,
        list_domain=head.domain,
        owner=head.owner,
        links=links,
    )
    sender = verp_sender(edition.id, press.secrets, head.domain)
    envelope = Envelope(sender, EmailAddress(edition.reader.address), build(rendered, headers))
    return PrintedLetter(envelope, MessageId(identifier), rendered)
