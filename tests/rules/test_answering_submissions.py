"""A mail for a source without an entry, as the owner gets it."""

from newsletter.model import EmailAddress, InboundId, InboundMessage, Listing, Paragraph, SourceName
from newsletter.rules.answering import Office, forward_submission
from newsletter.rules.inbound import read_mail
from tests.sources.mail_letters import RECEIVED_AT

OFFICE = Office("Paper Round", EmailAddress("news@example.org"), EmailAddress("editor@example.org"))


def forward(raw: bytes, text: str) -> tuple[list[str], list[tuple[str, str]]]:
    mail = read_mail(InboundMessage(InboundId(1), raw, None, None, RECEIVED_AT))
    answer = forward_submission(OFFICE, mail, SourceName("desk"), "no entry was found in it", text)
    assert answer.subject == "[Paper Round] Confirm"
    assert "desk" in answer.headline
    (rows,) = (one.rows for one in answer.blocks if isinstance(one, Listing))
    return [one.text for one in answer.blocks if isinstance(one, Paragraph)], list(rows)


def test_it_says_why_and_shows_the_mail_with_its_links() -> None:
    link = "https://example.com/confirm?" + "a" * 3_000
    raw = b"From: Lists <no-reply@example.com>\r\nSubject: Confirm\r\n\r\n"
    told, rows = forward(raw, f"Did you ask?\n\n{link}\n")
    assert told[1:] == ["Did you ask?", link]
    assert rows == [
        ("From", "Lists, no-reply@example.com"),
        ("Subject", "Confirm"),
        ("Reason", "no entry was found in it"),
    ]


def test_a_long_mail_without_a_sender_is_cut() -> None:
    told, rows = forward(b"Subject: Confirm\r\n\r\n", "word\n" * 310)
    assert told[-1] == "10 more lines were left out."
    assert rows[0] == ("From", "not given")
