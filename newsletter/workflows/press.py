"""From a decided edition to the bytes that leave: the same function for sending and preview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NewType, cast

from newsletter.model import (
    Dressing,
    Edition,
    EmailAddress,
    EntryContent,
    Envelope,
    Letter,
    LetterEntry,
    Match,
    RenderedEmail,
    RevisionId,
    SourceName,
)
from newsletter.ports import EntryStore, Ledger, MakeRenderer, ReadContent, Renderer, SignMessage
from newsletter.rules.addresses import Secrets, letter_links, message_id, verp_sender
from newsletter.rules.composing import compose, compose_written, write_entry
from newsletter.rules.messages import MessageHeaders, assemble
from newsletter.rules.recent import Recent

MessageId = NewType("MessageId", str)

_KEPT_CONTENTS: Final = 5_000
_KEPT_ENTRIES: Final = 20_000
_KEPT_DRESSINGS: Final = 8
_KEPT_MATCHES: Final = 8_192

_EntryKey = tuple[RevisionId, tuple[object, ...], tuple[SourceName, ...]]


class Press:
    """What rendering needs, and what many letters share: read, written and compiled once.

    Everything kept is named by its content and never changes (revisions, dressings).
    """

    def __init__(
        self,
        entries: EntryStore,
        ledger: Ledger,
        make_renderer: MakeRenderer,
        secrets: Secrets,
        sign: SignMessage = lambda message, _: message,
        read: ReadContent = lambda content: content,
    ) -> None:
        self.entries = entries
        self.ledger = ledger
        self.secrets = secrets
        self.sign = sign
        self._read = read
        self._make_renderer = make_renderer
        self._contents: Recent[RevisionId, EntryContent] = Recent(_KEPT_CONTENTS)
        self._dressings: Recent[RevisionId, Dressing] = Recent(_KEPT_DRESSINGS)
        self._renderers: Recent[int, tuple[Dressing, Renderer]] = Recent(_KEPT_DRESSINGS)
        self._written: Recent[_EntryKey, LetterEntry] = Recent(_KEPT_ENTRIES)
        # By identity, for editions that were read share their matches: to compare those by what
        # they say takes longer than all the rest. One that is kept here lives on, so that no other
        # can have its identity.
        self._of_match: Recent[int, tuple[Match, LetterEntry]] = Recent(_KEPT_MATCHES)

    def contents(self, revisions: Sequence[RevisionId]) -> Mapping[RevisionId, EntryContent]:
        """Return the texts of `revisions`; raises StorageError when one is gone."""
        get = self._contents.get
        known = {revision: get(revision) for revision in revisions}
        if all(known.values()):
            return cast("dict[RevisionId, EntryContent]", known)
        unknown = [revision for revision, content in known.items() if content is None]
        read = self.entries.contents(unknown) if unknown else {}
        fresh = {
            revision: self._contents.keep(revision, self._read(content))
            for revision, content in read.items()
        }
        return {name: content for name, content in known.items() if content} | fresh

    def dressing(self, revision: RevisionId) -> Dressing:
        """Return the templates and letterhead of this name; raises StorageError when they are gone."""
        return self._dressings.get(revision) or self._dressings.keep(
            revision, self.ledger.dressing(revision)
        )

    def renderer(self, dressing: Dressing) -> Renderer:
        """Return the renderer of a dressing's templates; raises RenderingError for a broken one."""
        kept = self._renderers.get(id(dressing))
        if kept is None:
            made = dressing, self._make_renderer(dressing.templates)
            kept = self._renderers.keep(id(dressing), made)
        return kept[1]

    def written(self, matches: Sequence[Match]) -> tuple[LetterEntry, ...]:
        """Return `matches` of a stored edition put into words; raises as `contents` does.

        What letters have in common is one object for all of them.
        """
        known = map(self._of_match.get, map(id, matches))
        entries = [one[1] for one in known if one]
        if len(entries) < len(matches):
            entries = self._write_all(matches)
        return tuple(entries)

    def _write_all(self, matches: Sequence[Match]) -> list[LetterEntry]:
        contents = self.contents([match.revision for match in matches])
        return [
            self._of_match.keep(
                id(match), (match, self.write(match, contents[match.revision], match.sources))
            )[1]
            for match in matches
        ]

    def write(
        self, match: Match, content: EntryContent, sources: tuple[SourceName, ...]
    ) -> LetterEntry:
        """Return what `write_entry` returns, as one object for all letters that show the same."""
        key = (match.revision, match.reasons, sources)
        written = self._written.get(key)
        if written is not None and written.content is content and written.id == match.entry:
            return written
        return self._written.keep(key, write_entry(match, content, sources))


@dataclass(frozen=True, slots=True)
class PrintedLetter:
    """A letter ready to leave, and its two forms for a person who looks at it."""

    envelope: Envelope
    message_id: MessageId
    letter: Letter = field(repr=False)
    renderer: Renderer = field(repr=False)

    @property
    def rendered(self) -> RenderedEmail:
        """The parts of the message as they were before they were encoded."""
        return self.renderer.render(self.letter)


def print_letter(edition: Edition, press: Press) -> PrintedLetter:
    """Render a stored edition; the same edition gives the same bytes.

    Raises RenderingError for a template, MessageError for a value that cannot stand in a header,
    StorageError when a revision that the edition names is gone.
    """
    dressing = press.dressing(edition.dressing)
    letter = compose_written(
        edition,
        press.written(edition.matches),
        press.written(edition.also_matched),
        dressing.letterhead,
        letter_links(edition.id, press.secrets, dressing.letterhead, edition.reader.subscriber),
    )
    return _print(edition, letter, press, dressing)


def print_with(
    edition: Edition,
    press: Press,
    contents: Mapping[RevisionId, EntryContent],
    dressing: Dressing,
) -> PrintedLetter:
    """Render an edition whose contents and dressing are at hand, as one that is not stored."""
    head = dressing.letterhead
    links = letter_links(edition.id, press.secrets, head, edition.reader.subscriber)
    sources = {one.entry: one.sources for one in (*edition.matches, *edition.also_matched)}
    letter = compose(edition, contents, sources, head, links, press.write)
    return _print(edition, letter, press, dressing)


def _print(edition: Edition, letter: Letter, press: Press, dressing: Dressing) -> PrintedLetter:
    head = dressing.letterhead
    renderer = press.renderer(dressing)
    encoded = renderer.encode(letter)
    identifier = message_id(edition.id, edition.reader.subscriber, press.secrets, head.domain)
    headers = MessageHeaders(
        from_name=head.from_name,
        from_address=head.from_address,
        to=edition.reader.address,
        subject=encoded.subject,
        date=edition.planned_at,
        message_id=identifier,
        list_name=head.name,
        list_domain=head.domain,
        owner=head.owner,
        links=letter.links,
    )
    sender = verp_sender(edition.id, press.secrets, head.domain)
    message = press.sign(assemble(headers, encoded.text, encoded.html), edition.planned_at)
    # `assemble` promises clean lines, and a signature is one more field of that kind.
    envelope = Envelope(sender, EmailAddress(edition.reader.address), message, is_clean=True)
    return PrintedLetter(envelope, MessageId(identifier), letter, renderer)
