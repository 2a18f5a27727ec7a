"""A newsletter that takes mail over LMTP and sends it over SMTP, and people with mail programs."""

import asyncio
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from newsletter.bootstrap import Newsroom, make_intakes, open_newsroom, open_relay, receiving
from newsletter.model import (
    AddressKey,
    EmailAddress,
    OutboxItem,
    OutboxState,
    Subscriber,
    SubscriptionEvent,
)
from newsletter.rules.addresses import address_key
from newsletter.rules.planning import Schedule
from newsletter.web import make_app, site_of
from newsletter.workflows import adopt_documents, collect, deliver, publish
from newsletter.workflows.receive import Received, ReceivePorts, receive_one, work_off
from tests.end_to_end.house import House
from tests.web.stages import Stages

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""A Monday, 13:00 in Paris."""
DOCUMENT = """send: {every: day, at: "08:00", timezone: Europe/Paris}
topics: [{name: learning, query: "learning OR model*"}]
"""


WAITING = (OutboxState.QUEUED, OutboxState.DEFERRED)


@dataclass(frozen=True)
class Post:
    """One message as its recipient sees it."""

    message: EmailMessage
    sender: str
    """Of the envelope."""

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        return str(part.get_content()) if part else ""

    @property
    def reply_to(self) -> str:
        return str(self.message["Reply-To"] or self.message["From"]).rpartition("<")[2].strip("<> ")


class PostOffice:
    """One newsletter with its clock, its way in and the mailbox of all its readers."""

    def __init__(self, house: House, stages: Stages | None = None) -> None:
        self.house = house
        self._stages = stages
        self.now = START
        self.received: list[Received] = []
        config = house.folder / "config.yaml"
        text = config.read_text(encoding="utf-8")
        config.write_text(f"{text}\ninbound: {{lmtp: {{port: 0}}}}\n", encoding="utf-8")
        self._seen = 0

    @contextmanager
    def room(self) -> Iterator[Newsroom]:
        with open_newsroom(self.house.folder / "config.yaml", now=self.now) as room:
            yield room

    def wait(self, time: timedelta) -> None:
        self.now += time

    def hand_in(self, sender: str, recipient: str, raw: bytes) -> None:
        """Bring one message over LMTP, as the MTA does, and let the program work it off."""
        with self.room() as room:
            (intake,) = make_intakes(room)
            port = int(intake.start().rpartition(":")[2])
            try:
                with smtplib.LMTP("127.0.0.1", port) as client:
                    client.sendmail(sender, [recipient], raw)
            finally:
                intake.stop()
            work_off(room.inbound, receiving(room), tell=lambda _, told: self.received.append(told))
            self.deliver(room)

    def admit(self, *addresses: str) -> None:
        """Let people be subscribers with the operator's word, each with a document."""
        for address in addresses:
            self.house.subscribe(address, DOCUMENT)
        moment = self.now.isoformat()
        folder = str(self.house.folder / "subscribers")
        words = ["subscribers", "import", folder, "--consent", "a test", "--now", moment]
        assert self.house.run(*words).code == 0

    def send_letters(self) -> None:
        """Plan and deliver what is due now."""
        with self.room() as room:
            adopt_documents(room.subscribing())
            collect(room.sources, room.collecting())
            publish(room.subscribers.all(), room.order(Schedule.KEEP), room.publishing())
            self.deliver(room)

    def new_post(self, recipient: str) -> list[Post]:
        """Return what came to `recipient` since somebody last asked for any."""
        deliveries = self.house.deliveries()
        fresh, self._seen = deliveries[self._seen :], len(deliveries)
        return [
            Post(_parsed(one.octets), one.sender) for one in fresh if one.recipient == recipient
        ]

    @contextmanager
    def pages(self, room: Newsroom, ports: ReceivePorts | None = None) -> Iterator[str]:
        """Show the web pages as `serve` does, and yield where."""
        assert self._stages
        with self._stages.showing(make_app(site_of(room, ports or receiving(room)))) as url:
            yield url

    @contextmanager
    def window(self) -> Iterator["Window"]:
        """Stay open for many messages; what they bring about waits in the outbox."""
        with self.room() as room:
            yield Window(room, receiving(room), self.house.folder / "subscribers")

    def deliver(self, room: Newsroom) -> None:
        with open_relay(room) as transport:
            asyncio.run(deliver(room.delivering(transport)))


@dataclass(frozen=True)
class Window:
    """Where messages are handed in one after the other."""

    newsroom: Newsroom
    ports: ReceivePorts
    documents: Path

    def take(self, raw: bytes | str, recipient: str | None = None, sender: str = "") -> Received:
        """Store a message and handle it."""
        octets = raw.encode() if isinstance(raw, str) else raw
        store, now = self.newsroom.inbound, self.newsroom.clock.now()
        message = store.get(store.store(octets, sender, recipient, now=now))
        assert message
        return receive_one(message, store, self.ports)

    def person(self, address: str) -> Subscriber:
        found = self.newsroom.subscribers.find(AddressKey(address))
        assert found
        return found

    def vouch(self, address: str) -> None:
        """Let somebody be a subscriber without a document."""
        now = self.newsroom.clock.now()
        self.newsroom.subscribers.apply(
            EmailAddress(address), SubscriptionEvent.VOUCH, now=now, statement="a test"
        )

    def waiting(self) -> list[OutboxItem]:
        """Return what is to leave, in the order in which it was posted."""
        items = self.newsroom.outbox.find(limit=None)
        return sorted((one for one in items if one.state in WAITING), key=lambda one: one.id)

    def bytes_of(self, item: OutboxItem) -> bytes:
        reply = self.newsroom.correspondence.reply(item.id)
        assert reply
        return reply.message

    def dump(self) -> tuple[object, ...]:
        """Return everything about subscribers that a message could change."""
        subscribers = self.newsroom.subscribers
        people = tuple(subscribers.all())
        consents = tuple(subscribers.consents(address_key(one.address)) for one in people)
        files = sorted((path.name, path.read_bytes()) for path in self.documents.iterdir())
        return people, consents, tuple(subscribers.suppressions()), tuple(files)


class Person:
    """Somebody with an address and a mail program that quotes what it answers."""

    def __init__(self, office: PostOffice, address: str, name: str) -> None:
        self.office = office
        self.address = address
        self.name = name
        self.mails = 0

    def write(self, to: str, subject: str = "", text: str = "") -> Received:
        """Write a new mail."""
        return self._send(self._message(to, subject, text))

    def reply(self, post: Post, text: str = "") -> Received:
        """Answer above the quoted mail, as most people do."""
        quoted = "\n".join(f"> {line}" if line else ">" for line in post.text.splitlines())
        attribution = f"On {self.office.now:%a, %d %b %Y at %H:%M}, {post.message['From']} wrote:"
        message = self._message(
            post.reply_to,
            _answered(post.subject),
            f"{text}\n\n{attribution}\n\n{quoted}\n",
        )
        message["In-Reply-To"] = post.message["Message-ID"]
        message["References"] = post.message["Message-ID"]
        return self._send(message)

    def edit(self, post: Post, old: str, new: str) -> Received:
        """Answer with the quoted mail in which one text was changed, as preferences are edited."""
        assert old in post.text
        quoted = "\n".join(f"> {line}" for line in post.text.replace(old, new, 1).splitlines())
        message = self._message(post.reply_to, _answered(post.subject), f"{quoted}\n")
        message["In-Reply-To"] = post.message["Message-ID"]
        return self._send(message)

    def post(self) -> Post:
        """Return the one mail that came."""
        posts = self.office.new_post(self.address)
        assert len(posts) == 1, [one.subject for one in posts]
        return posts[0]

    def posts(self) -> list[Post]:
        return self.office.new_post(self.address)

    def _message(self, to: str, subject: str, text: str) -> EmailMessage:
        self.mails += 1
        message = EmailMessage(policy=policy.SMTP)
        message["From"] = f"{self.name} <{self.address}>"
        message["To"] = to
        message["Subject"] = subject
        message["Date"] = format_datetime(self.office.now)
        message["Message-ID"] = f"<{self.mails}.{self.address}>"
        message.set_content(text)
        return message

    def _send(self, message: EmailMessage) -> Received:
        to = str(message["To"])
        self.office.hand_in(self.address, to, message.as_bytes())
        return self.office.received[-1]


def _parsed(octets: bytes) -> EmailMessage:
    message = message_from_bytes(octets, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def _answered(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"
