"""Letters: what an edition is put into, for the templates."""

from dataclasses import dataclass, field

from newsletter.model.editions import Reader, Slot
from newsletter.model.entries import EntryContent, EntryId, SourceName
from newsletter.model.preferences import EmailAddress


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every letter of one newsletter shows of its sender."""

    name: str
    url: str | None
    """https base of the web pages without a slash at the end, or None when there are none."""
    domain: str
    from_address: EmailAddress
    from_name: str
    postal_address: str
    owner: EmailAddress
    takes_mail: bool = False
    """Whether mail comes in, so that a letter can be answered."""


@dataclass(frozen=True, slots=True)
class LetterEntry:
    """One entry as a letter shows it; every text is plain and ready to be escaped."""

    id: EntryId
    content: EntryContent
    sources: tuple[SourceName, ...]
    summary: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LetterLinks:
    """Where a reader can go. None: there are no web pages."""

    unsubscribe_mailto: str
    preferences_mailto: str
    help_mailto: str
    unsubscribe_url: str | None = None
    votes_url: str | None = None
    """The page on which the entries are liked; with a slash and a number, that of one entry."""
    view_url: str | None = None
    """The page that is this very letter."""
    preferences_url: str | None = None
    """The page on which people ask for a link to their preferences."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that a template may show: data only, no decision is left."""

    letterhead: Letterhead
    reader: Reader
    slot: Slot
    subject: str
    preheader: str
    headline: str
    """The counts in one sentence: `9 entries for you out of 143 new since Friday`."""
    entries: tuple[LetterEntry, ...]
    also_matched: tuple[LetterEntry, ...]
    links: LetterLinks
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Dressing:
    """An immutable set of templates (name → text) and the letterhead, stored by its content."""

    letterhead: Letterhead
    templates: dict[str, str] = field(default_factory=dict)
