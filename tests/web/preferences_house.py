"""A newsletter with one subscriber, who holds the link to the preferences page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx

from newsletter.bootstrap import BEING_PREPARED, Newsroom, PreferencesPage, open_newsroom, receiving
from newsletter.config import copy_starter
from newsletter.model import EmailAddress, KeyPurpose, Preferences, SampleLetter, Subscriber
from newsletter.ports import EnquiryKind
from newsletter.rules.addresses import address_key
from newsletter.testing.enquiries import MemoryEnquiries
from newsletter.web import Health, Site
from newsletter.workflows import ReceivePorts, vouch
from newsletter.workflows.receive.posting import make_ticket

ADA = EmailAddress("ada@example.org")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DOCUMENT = """\
# Ada's own words stay.
email: ada@example.org   # never changed here
send:
  at: "7:30"             # before breakfast
  every: [mon, thu]
  timezone: Europe/Paris
topics:
  - name: guardrails
    query: '"safety guardrail*" OR jailbreak'
    weight: 2
  # the second
  - {name: climate, about: planning of climate policy}
mute: ['title:survey']
entries: {at_most: 12}
"""
LETTER = (
    "<html><head><style>p{{color:red}}</style></head><body><p>at most {at_most}</p></body></html>"
)
CONFIG = """\
newsletter:
  name: Shore
  url: https://news.example.org
  from: Shore <letters@news.example.org>
  owner: owner@example.org
  postal_address: 1 Shore Road
topics:
  robotics: {title: Robotics, query: robot*, default: true}
  vision: {title: Computer vision, query: image}
sources: {}
"""


@dataclass(repr=False)
class PreferencesHouse:
    """The page with all that stands behind it."""

    folder: Path
    room: Newsroom
    ports: ReceivePorts
    enquiries: MemoryEnquiries
    shown: list[Preferences] = field(default_factory=list)
    """What letters were made of."""
    is_early: bool = False

    def _repr_pretty_(self, printer: Any, _cycle: object) -> None:
        """Keep what hypothesis tells short."""
        printer.text("PreferencesHouse()")

    @property
    def path(self) -> Path:
        return self.folder / "subscribers" / "ada@example.org.yaml"

    @property
    def ada(self) -> Subscriber:
        person = self.room.subscribers.find(address_key(ADA))
        assert person is not None
        return person

    @property
    def text(self) -> str:
        return self.path.read_bytes().decode()

    def write(self, text: str) -> None:
        self.path.write_bytes(text.encode())

    def token(self, purpose: KeyPurpose = KeyPurpose.PREFERENCES) -> str:
        ticket = make_ticket(self.ada, purpose, self.ports.post)
        self.ports.post.correspondence.give([ticket.key])
        return ticket.text

    def page(self) -> PreferencesPage:
        return PreferencesPage(self.room, self.ports, enquiries=self.enquiries, sample=self._sample)

    def site(self) -> Site:
        health = Health(is_well=True)
        url = "https://news.example.org"
        return Site(name="Shore", url=url, health=lambda: health, preferences=self.page())

    def links_asked(self) -> list[str]:
        claimed = self.enquiries.claim(10, now=NOW, patience_until=NOW)
        return [one.address for one in claimed if one.kind is EnquiryKind.PREFERENCES_LINK]

    def _sample(self, preferences: Preferences) -> SampleLetter:
        self.shown.append(preferences)
        if self.is_early:
            return SampleLetter(None, silence=BEING_PREPARED)
        return SampleLetter(
            date(2026, 11, 19),
            subject="Owls",
            html=LETTER.format(at_most=preferences.at_most),
            titles=("Owls",),
            entries_a_week=12.0,
        )


@contextmanager
def open_house(folder: Path) -> Iterator[PreferencesHouse]:
    copy_starter(folder, timezone="Europe/Paris")
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    for old in (folder / "subscribers").glob("*.yaml"):
        old.unlink()
    path = folder / "subscribers" / "ada@example.org.yaml"
    path.write_text(DOCUMENT, encoding="utf-8")
    with open_newsroom(folder / "config.yaml", now=NOW) as room:
        vouch(room.preferences.read().documents, room.subscribing(), statement="a test")
        yield PreferencesHouse(folder, room, receiving(room), MemoryEnquiries())


class Fields(HTMLParser):
    """What a browser would send of the form `desk`, nobody having touched it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sent: dict[str, str] = {}
        self._is_inside = False
        self._is_template = False
        self._select: str | None = None
        self._area: str | None = None
        self._is_first = True

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = dict(attributes)
        if tag == "form":
            self._is_inside = known.get("id") == "desk"
        if tag == "template":
            self._is_template = True
        if not self._is_inside or self._is_template:
            return
        name, value = known.get("name"), known.get("value") or ""
        if tag == "input" and name and (known.get("type") != "checkbox" or "checked" in known):
            self.sent[name] = value
        elif tag == "select" and name:
            self._select, self._is_first = name, True
        elif tag == "option" and self._select and ("selected" in known or self._is_first):
            self.sent[self._select], self._is_first = value, False
        elif tag == "textarea" and name:
            self._area, self.sent[name] = name, ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
        elif tag == "template":
            self._is_template = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._area:
            # A browser drops the first line end, and sends CRLF for each other.
            text = self.sent[self._area].replace("\r\n", "\n").replace("\r", "\n")
            self.sent[self._area] = text.removeprefix("\n").replace("\n", "\r\n")
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self.sent[self._area] += data


def fields_of(page: httpx.Response) -> dict[str, str]:
    reader = Fields()
    reader.feed(page.text)
    return reader.sent
