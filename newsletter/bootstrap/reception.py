"""The desk behind the pages for new readers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from newsletter.bootstrap.document_stores import surroundings_of
from newsletter.bootstrap.enquiries import enquiries_of
from newsletter.bootstrap.newsroom import Newsroom
from newsletter.bootstrap.offering import defaults_first, words_of, zones_by_part
from newsletter.bootstrap.preferences_editing import checked, coming_slots, topics_of
from newsletter.bootstrap.showroom import Showroom
from newsletter.errors import AddressError
from newsletter.model import (
    EmailAddress,
    Key,
    KeyPurpose,
    Preferences,
    Problem,
    SampleLetter,
    Subscriber,
)
from newsletter.ports import EnquiryKind
from newsletter.preferences import (
    Form,
    FormReader,
    begin_document,
    bring_together,
    by_field,
    read_fields,
)
from newsletter.rules.addresses import address_key, parse_address
from newsletter.rules.answering import write_cadence, write_slot
from newsletter.rules.cadence import next_slots
from newsletter.rules.composing import shorten
from newsletter.workflows import ReceivePorts, confirm, find_open_key, keeps_old

_SOMEBODY: Final = EmailAddress("somebody@example.org")
"""In letters for people who did not say their address yet."""
_BY_PAGE: Final = "by page"
_NAME_CHARACTERS: Final = 40
_MOST_SHOWN: Final = 254
_NO_ADDRESS: Final = "Please write the address that letters should go to."


@dataclass(frozen=True, slots=True)
class OfferedTopic:
    """A topic of the catalogue as people are shown it; `words` say what it is about."""

    name: str
    title: str
    words: str
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class JoiningWish:
    """What somebody filled in, and what it comes to.

    `problems` are sentences by the name of their field; "" for what belongs to none. `document` is the
    preferences document that the form makes. `preferences` are what it says, with an invented address
    where there is no valid one; None: not even that can be read.
    """

    address: str
    form: Form
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)
    document: str = field(default="", repr=False)
    preferences: Preferences | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ComingLetters:
    """What comes to somebody who confirms, or has confirmed.

    `topics` are titles, none where the letters bring what most people find interesting; `rhythm` says
    how often, and `next_letter` when the next one comes, "" where none does. `is_as_before`: somebody
    comes back, and what was chosen now does not count beside the preferences of then.
    """

    topics: tuple[str, ...]
    rhythm: str
    next_letter: str
    is_as_before: bool = False


class Reception:
    """The JoiningDesk over a newsroom."""

    def __init__(self, room: Newsroom, ports: ReceivePorts, showroom: Showroom) -> None:
        self._room = room
        self._ports = ports
        self._showroom = showroom
        self._around = surroundings_of(room.config)
        self._reader = FormReader(self._around)

    @cached_property
    def offered(self) -> Sequence[OfferedTopic]:
        """The topics of the catalogue, those first that people get who name none."""
        return tuple(
            OfferedTopic(one.topic.name, one.topic.title, words_of(one.topic), one.is_default)
            for one in defaults_first(self._around.catalogue.values())
        )

    @cached_property
    def zones(self) -> Mapping[str, Sequence[str]]:
        """The time zones by their part of the world."""
        return zones_by_part()

    def week_counts(self) -> Mapping[str, int]:
        """Return what each topic would have brought in the last seven days; empty until known."""
        return self._showroom.week_counts()

    def read(self, fields: Mapping[str, str]) -> JoiningWish:
        """Return what a form says; without fields the form as it is first shown. Nothing is looked up."""
        written = fields.get("email", "").strip()
        address, complaint = _address(written)
        begun = begin_document(address, (), self._around)
        before = self._reader.read(begun)
        assert before is not None  # noqa: S101 - it was written here
        sent = read_fields(_of_joining(fields, before), before)
        synced = bring_together(begun, begun, sent, self._reader)
        said = checked(self._room, address_key(address), synced.text)
        problems: dict[str, Sequence[str]] = {}
        if "email" in fields and complaint:
            problems["email"] = (complaint,)
        if synced.trouble:
            problems[""] = (synced.trouble,)
        if not isinstance(said, Preferences):
            found = by_field(said, synced.form)
            problems.update({name: tuple(map(_sentence, some)) for name, some in found.items()})
        preferences = said if isinstance(said, Preferences) and not synced.trouble else None
        shown = written[:_MOST_SHOWN]
        return JoiningWish(shown, synced.form, problems, synced.text, preferences)

    def sample(self, preferences: Preferences) -> SampleLetter:
        """Return a letter that `preferences` would have brought. Nothing is kept."""
        return self._showroom.sample(preferences)

    def keep(self, wish: JoiningWish, network: str) -> None:
        """Keep what a valid wish asks for. Raises AddressError for one that is not, and StorageError."""
        enquiries_of(self._room).keep(
            EnquiryKind.SUBSCRIBE,
            parse_address(wish.address),
            wish.document,
            f"page, network {network}",
            now=self._room.clock.now(),
        )

    def coming(self, token: str) -> ComingLetters | None:
        """Return what comes if `token` is confirmed; None for one that is used, over or not ours."""
        found = self._asked(token)
        preferences = self._preferences_of(*found) if found else None
        if found is None or preferences is None:
            return None
        slots = next_slots(preferences.cadence, after=self._room.clock.now(), count=1)
        told = self._told(preferences, write_slot(slots[0]))
        return replace(told, is_as_before=self._keeps_old(*found))

    def confirm(self, token: str) -> ComingLetters | None:
        """Confirm a subscription, once; None for a token that is used, over or not ours."""
        found = self._asked(token)
        is_as_before = self._keeps_old(*found) if found else False
        person = confirm(token, self._ports, evidence=_BY_PAGE)
        if person is None:
            return None
        preferences = person.preferences or self._around.defaults
        slots = coming_slots(self._room, person, preferences, count=1)
        told = self._told(preferences, write_slot(slots[0]) if slots else "")
        return replace(told, is_as_before=is_as_before)

    def sample_for(self, token: str) -> SampleLetter | None:
        """Return a letter as it will come if `token` is confirmed; None as `coming` does."""
        found = self._asked(token)
        preferences = self._preferences_of(*found) if found else None
        return self._showroom.sample(preferences) if preferences else None

    def _asked(self, token: str) -> tuple[Key, Subscriber] | None:
        key = find_open_key(token, KeyPurpose.CONFIRM, self._ports)
        person = self._room.subscribers.get(key.subscriber) if key else None
        return (key, person) if key and person and not key.used_at else None

    def _keeps_old(self, key: Key, person: Subscriber) -> bool:
        return keeps_old(person, key.wish, self._ports)

    def _preferences_of(self, key: Key, person: Subscriber) -> Preferences | None:
        """Return what will be in force: what the person has already, else what was asked for."""
        if person.preferences:
            return person.preferences
        text = key.wish or begin_document(person.address, (), self._around)
        said = checked(self._room, address_key(person.address), text)
        return said if isinstance(said, Preferences) else None

    def _told(self, preferences: Preferences, next_letter: str) -> ComingLetters:
        topics = topics_of(self._room, preferences)
        titles = tuple(one.title for one in topics)
        return ComingLetters(titles, write_cadence(preferences.cadence), next_letter)


def _address(written: str) -> tuple[EmailAddress, str]:
    """Return an address that a document can begin with, and what is wrong with the one written."""
    if not written:
        return _SOMEBODY, _NO_ADDRESS
    try:
        return parse_address(written), ""
    except AddressError as error:
        return _SOMEBODY, f"{error}."


def _of_joining(fields: Mapping[str, str], before: Form) -> Mapping[str, str]:
    """Return the fields that this page has, those that it has not as they were `before`."""
    kept = {
        name: value
        for name, value in fields.items()
        if name == "form" or name.startswith(("topic.", "own.", "send."))
    }
    switches = {name: "on" for name, is_on in before.switches.items() if is_on}
    return {**kept, **_named(kept), **switches}


def _named(fields: Mapping[str, str]) -> Mapping[str, str]:
    """Return names for topics of people's own that have words and no name: they begin as the words do."""
    names = {}
    for field_name, words in fields.items():
        stem, _, last = field_name.rpartition(".")
        name = f"{stem}.name"
        if last == "about" and words.strip() and not fields.get(name, "").strip():
            names[name] = shorten(" ".join(words.split()), _NAME_CHARACTERS).rstrip(". ,;:")
    return names


def _sentence(problem: Problem) -> str:
    said = "; ".join(filter(None, (problem.message, problem.suggestion)))
    return f"{said[:1].upper()}{said[1:]}."
