"""Two messages that answer nobody: a person's mail for the owner, and a test of an address."""

from typing import Final

from newsletter.model import Answer, InboundMail, Listing, Paragraph, SourceName
from newsletter.rules.answering.office import Office, write_subject_line
from newsletter.rules.composing import shorten, tidy

MOST_PARAGRAPHS: Final = 300
_PARAGRAPH_CHARACTERS: Final = 2_000
_LINE_CHARACTERS: Final = 4_000
"""As long as an address may be that is to be opened."""


def forward_to_owner(office: Office, mail: InboundMail, text: str) -> Answer:
    """Pass a person's mail that is no command on to the owner, with a note of what it is.

    `text` is what the person wrote, of the plain part or read from the HTML; control characters go, and what
    is longer than 300 lines is cut, which is said. To be sent with the person as Reply-To.
    """
    sender = tidy(mail.from_address or "") or "not given"
    name = tidy(mail.from_name)
    lines = [line for line in map(tidy, text.splitlines()) if line]
    cut = len(lines) - MOST_PARAGRAPHS
    rows = (("From", f"{name}, {sender}" if name else sender), ("Subject", tidy(mail.subject)))
    return Answer(
        subject=write_subject_line(f"[{office.short_name}] {mail.subject}"),
        headline="A reader wrote to you",
        blocks=(
            Paragraph("No command was found in this mail. Your reply goes to the reader."),
            Listing(rows),
            *(Paragraph(shorten(line, _PARAGRAPH_CHARACTERS)) for line in lines[:MOST_PARAGRAPHS]),
            *((Paragraph(f"{cut} more lines were left out."),) if cut > 0 else ()),
        ),
        reason=f"You get this mail because you own {office.short_name}.",
    )


def forward_submission(
    office: Office, mail: InboundMail, source: SourceName, reason: str, text: str
) -> Answer:
    """Pass a mail for a source on to the owner, that nothing can be taken from, with its links.

    `reason` says why, `text` is the mail with the addresses of its links as lines of their own. It
    may be a newsletter that asks whether it was subscribed to: only a person may say yes to that.
    """
    name = tidy(mail.from_name)
    sender = tidy(mail.from_address or "") or "not given"
    rows = (
        ("From", f"{name}, {sender}" if name else sender),
        ("Subject", tidy(mail.subject)),
        ("Reason", shorten(tidy(reason), _PARAGRAPH_CHARACTERS)),
    )
    lines = [line for line in map(tidy, text.splitlines()) if line]
    cut = len(lines) - MOST_PARAGRAPHS
    return Answer(
        subject=write_subject_line(f"[{office.short_name}] {mail.subject}"),
        headline=f"A mail without an entry came for the source {source}",
        blocks=(
            Paragraph(
                "If you subscribed the address of this source to a newsletter, this may be its question "
                "whether you want it: open the link in it to say yes. We never do that by ourselves."
            ),
            Listing(rows),
            *(Paragraph(shorten(line, _LINE_CHARACTERS)) for line in lines[:MOST_PARAGRAPHS]),
            *((Paragraph(f"{cut} more lines were left out."),) if cut > 0 else ()),
        ),
        reason=f"You get this mail because you own {office.short_name}.",
    )


def probe(office: Office) -> Answer:
    """Ask an address whose letters came back whether it still takes mail."""
    return Answer(
        subject=write_subject_line(f"{office.short_name}: do our letters reach you?"),
        headline="Do our letters reach you?",
        blocks=(
            Paragraph("Some of them came back to us lately, so we try once more with this mail."),
            Paragraph(
                "Now that you read it, there is nothing to do: your letters go on. Had it come back "
                "too, we would have stopped writing."
            ),
            Paragraph(
                "If you want no more letters, reply with the word “stop”."
                if office.takes_mail
                else "If you want no more letters, use the link at the end of any of them."
            ),
        ),
        reason=office.because_subscribed,
    )
