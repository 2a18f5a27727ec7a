"""A mailbox as a test server has it, and how that server behaves."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class KeptMail:
    """One message of the mailbox. `claimed_bytes` is the size it is said to have; None: its own."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)
    claimed_bytes: int | None = None


@dataclass(slots=True)
class MailboxScript:
    r"""A mailbox, and how the server that has it behaves; changed by tests while it runs.

    `drops` names commands on which the connection is cut: `before STORE` leaves the flags as they
    are, `after STORE` sets them; each works once. `says` holds lines that come unasked with the
    next answer.
    """

    mails: list[KeptMail] = field(default_factory=list)
    numbering: int = 1
    username: str = "news"
    password: str = "secret"  # noqa: S105 - of a test
    offers: list[str] = field(default_factory=lambda: ["IDLE", "AUTH=PLAIN"])
    is_read_only: bool = False
    drops: list[str] = field(default_factory=list)
    says: list[bytes] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    """Every command, without its tag."""

    def put(self, raw: bytes, *, claimed_bytes: int | None = None) -> KeptMail:
        """Deliver a message."""
        mail = KeptMail(len(self.mails) + 100, raw, claimed_bytes=claimed_bytes)
        self.mails.append(mail)
        return mail

    def renumber(self) -> None:
        """Give all messages other numbers, as after a restore: UIDVALIDITY changes, flags are gone."""
        self.numbering += 1
        for number, mail in enumerate(self.mails, 1):
            mail.uid = number
            mail.flags.clear()
