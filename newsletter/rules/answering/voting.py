"""Answers to what a person thinks of entries of a letter."""

from newsletter.model import Answer, Paragraph
from newsletter.rules.answering.office import Office, write_subject_line


def ask_which_letter(office: Office) -> Answer:
    """Answer a like or dislike that came without the letter it is about."""
    return Answer(
        subject=write_subject_line(f"{office.short_name}: which letter?"),
        headline="Which letter do you mean?",
        blocks=(
            Paragraph("Every letter counts its entries anew, so we have to know the letter."),
            Paragraph("Please reply to the letter itself, and write the line once more."),
        ),
        reason=office.because_written,
    )


def thank_for_vote(office: Office, count: int) -> Answer:
    """Answer likes or dislikes of `count` entries; 0 where the letter has none with these numbers."""
    entries = "1 entry" if count == 1 else f"{count} entries"
    said = f"We noted what you think of {entries}." if count else "Nothing was noted."
    rest = () if count else (Paragraph("That letter has no entry with this number."),)
    return Answer(
        subject=write_subject_line(f"{office.short_name}: about your letter"),
        headline="Thank you, that is noted" if count else "No entry has this number",
        blocks=(Paragraph(said), *rest),
        reason=office.because_written,
    )
