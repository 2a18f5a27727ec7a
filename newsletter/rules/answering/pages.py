"""The page beside a mail: where the same can be done with a form."""

from dataclasses import replace
from typing import Final

from newsletter.model import Answer, Button, DocumentBlock, Paragraph
from newsletter.rules.answering.editing import tell_changes
from newsletter.rules.answering.office import Office, write_subject_line
from newsletter.rules.answering.present import Present

_LABEL: Final = "Open your preferences"


def with_page(answer: Answer, link: str) -> Answer:
    """Return an answer with the way to the page on which its preferences are changed.

    It stands above the document and what is said of it, else at the end, and only once.
    """
    blocks = answer.blocks
    if any(isinstance(block, Button) and block.href == link for block in blocks):
        return answer
    place = next(
        (place for place, block in enumerate(blocks) if isinstance(block, DocumentBlock)), None
    )
    if place is None:
        place = len(blocks)
    elif place and isinstance(blocks[place - 1], Paragraph):
        place -= 1
    return replace(answer, blocks=(*blocks[:place], Button(_LABEL, link), *blocks[place:]))


def notice_changes(office: Office, changes: tuple[str, ...], present: Present) -> Answer:
    """Tell a subscriber what was changed on the preferences page: its link may be in other hands."""
    told = tell_changes(office, changes, present)
    whom = "us" if office.takes_mail else office.owner
    return replace(
        told,
        subject=write_subject_line(f"Your preferences for {office.short_name} were changed"),
        headline="Changed on your page",
        blocks=(
            *told.blocks[:1],
            Paragraph(
                "If that was you, all is done. If not, somebody else has the link to your page, most "
                f"likely from a mail that you passed on: write to {whom}, and we close it."
            ),
            *told.blocks[1:],
        ),
        reason=office.because_subscribed,
    )
