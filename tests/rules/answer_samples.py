"""Every answer there is, said to one person."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from newsletter.bootstrap.sample_answers import sample_answers
from newsletter.model import (
    Answer,
    Button,
    DocumentBlock,
    EmailAddress,
    InboundMail,
    Listing,
    Paragraph,
    Preferences,
    Silence,
    SilenceReason,
    Subscriber,
    SubscriberId,
    SubscriptionState,
)
from newsletter.rules.answering import (
    Office,
    Present,
    Voted,
    ask_which_letter,
    explain_silence,
    forward_to_owner,
    say_not_subscribed,
    say_subscribed_already,
    say_too_late,
    tell_resume,
    tell_status,
    thank_for_vote,
    welcome_back,
)
from newsletter.testing.plans import LETTERHEAD, make_plan, make_slot

NOW: Final = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
"""Half past midnight of the next day in Paris."""
DAY: Final = date(2026, 11, 20)
OFFICE: Final = Office("Paper Round", EmailAddress("news@news.example.org"), LETTERHEAD.owner)
DOCUMENT: Final = "email: ada@example.org\nsend:\n  every: day\n  at: '07:30'\n"
PRESENT: Final = Present(DOCUMENT, (make_slot(), make_slot(day=1)))
ADA: Final = Subscriber(
    SubscriberId("ada"),
    EmailAddress("ada@example.org"),
    SubscriptionState.CONFIRMED,
    since_at=NOW,
    confirmed_at=NOW,
    preferences=Preferences(EmailAddress("ada@example.org")),
)


def mail(text: str = "", subject: str = "", html: str | None = None) -> InboundMail:
    """Return a mail of Ada."""
    return InboundMail(
        sender="ada@example.org",
        recipient="news@news.example.org",
        from_address=EmailAddress("ada@example.org"),
        from_name="Ada",
        subject=subject,
        message_id="<1@example.org>",
        references=(),
        plain=None if html is not None else text,
        html=html,
        fields={},
    )


def all_answers() -> Mapping[str, Answer]:
    """Return an answer of each kind, by name; of silences one for each reason."""
    silences = {
        f"silence-{reason}": explain_silence(OFFICE, DAY, Silence(reason, "9 entries were new."))
        for reason in SilenceReason
    }
    return {
        **sample_answers(LETTERHEAD),
        **silences,
        "handed-over": explain_silence(OFFICE, DAY, None),
        "too-late": say_too_late(OFFICE),
        "subscribed-already": say_subscribed_already(OFFICE, PRESENT),
        "welcome-back": welcome_back(OFFICE, PRESENT),
        "not-subscribed": say_not_subscribed(OFFICE),
        "resumed": tell_resume(OFFICE, PRESENT),
        "which-letter": ask_which_letter(OFFICE),
        "voted": thank_for_vote(
            OFFICE, Voted(is_like=True, titles={1: "Gulls", 4: "Owls at Night"})
        ),
        "voted-once": thank_for_vote(OFFICE, Voted(is_like=False, titles={3: "unsubscribe"})),
        "voted-in-part": thank_for_vote(
            OFFICE, Voted(is_like=True, titles={2: ""}, missing=[40, 41], counts=False)
        ),
        "voted-for-nothing": thank_for_vote(OFFICE, Voted(is_like=True, titles={}, missing=[9])),
        "status": tell_status(OFFICE, ADA, PRESENT),
        "forwarded": forward_to_owner(OFFICE, mail(subject="A question"), "Who\n\nreads this?"),
    }


def texts_of(answer: Answer) -> list[str]:
    """Return every text of an answer that is our own, each as it was written."""
    found = [answer.subject, answer.headline, answer.reason]
    for block in answer.blocks:
        match block:
            case Paragraph(text):
                found.append(text)
            case Listing(rows, title):
                found += [title, *(part for row in rows for part in row)]
            case Button(label, _):
                found.append(label)
            case DocumentBlock():
                pass
    return [text for text in found if text]


def said(answer: Answer) -> str:
    """Return all that an answer says, on one line."""
    return " ".join(texts_of(answer))


PLAN: Final = make_plan("ada", ["one"])
