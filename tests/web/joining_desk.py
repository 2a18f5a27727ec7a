"""A desk for new readers that knows one token, and remembers what it was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from newsletter.bootstrap import ComingLetters, JoiningWish, OfferedTopic
from newsletter.errors import NewsletterError
from newsletter.model import EmailAddress, Preferences, SampleLetter
from newsletter.preferences import FormReader, read_fields
from tests.preferences.form_fields import AROUND

COMING = ComingLetters(
    ("Robots & <care>",), "every day at 08:00 (Europe/Paris)", "Monday, 23 November 2026 at 08:00"
)
LETTER = SampleLetter(
    date(2026, 11, 20), "Robots", "<!doctype html><html><head></head><body>Robots</body></html>"
)


@dataclass
class FakeJoiningDesk:
    """Knows the token `good`. `kept` are the wishes; an `error` is raised by everything that works."""

    kept: list[tuple[JoiningWish, str]] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    sampled: list[Preferences] = field(default_factory=list)
    counts: Mapping[str, int] = field(default_factory=dict)
    letter: SampleLetter = LETTER
    error: NewsletterError | None = None

    offered: Sequence[OfferedTopic] = (
        OfferedTopic("robotics", "Robotics", "robot…, <arms>", is_default=True),
        OfferedTopic("vision", "Computer vision", ""),
    )
    zones: Mapping[str, Sequence[str]] = field(
        default_factory=lambda: {"Europe": ("Europe/Paris",), "Elsewhere": ("UTC",)}
    )

    def week_counts(self) -> Mapping[str, int]:
        self._maybe_fail()
        return self.counts

    def read(self, fields: Mapping[str, str]) -> JoiningWish:
        reader = FormReader(AROUND)
        before = reader.read("email: a@b.example\n")
        assert before
        form = read_fields(fields, before)
        address = fields.get("email", "")
        problems: dict[str, Sequence[str]] = {}
        if "email" in fields and "@" not in address:
            problems["email"] = ("There is no @ in it.",)
        if form.words["send.at"] == "25:00":
            problems["send.at"] = ("There is no such time.",)
            return JoiningWish(address, form, problems)
        preferences = Preferences(EmailAddress("somebody@example.org"))
        return JoiningWish(address, form, problems, "email: x\n", preferences)

    def sample(self, preferences: Preferences) -> SampleLetter:
        self._maybe_fail()
        self.sampled.append(preferences)
        return self.letter

    def keep(self, wish: JoiningWish, network: str) -> None:
        self._maybe_fail()
        self.kept.append((wish, network))

    def coming(self, token: str) -> ComingLetters | None:
        self._maybe_fail()
        return COMING if token == "good" else None

    def confirm(self, token: str) -> ComingLetters | None:
        self._maybe_fail()
        self.confirmed.append(token)
        return COMING if token == "good" else None

    def sample_for(self, token: str) -> SampleLetter | None:
        self._maybe_fail()
        return self.letter if token == "good" else None

    def _maybe_fail(self) -> None:
        if self.error:
            raise self.error
