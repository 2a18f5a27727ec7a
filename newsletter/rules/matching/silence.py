"""Why nothing came, in one sentence."""

from newsletter.model import Silence, SilenceReason
from newsletter.rules.matching.deciding import Matching


def silence(matching: Matching) -> Silence:
    """Return the reason for a matching without matches, with the counts that show it.

    All muted: something would have come but for `mute`. Already sent: whatever matches was in an
    earlier letter. Too few up-votes count as nothing matched, and the sentence says so.
    """
    if not matching.considered:
        return Silence(SilenceReason.NOTHING_NEW, "No new entry has come.")
    new = "1 entry is new" if matching.considered == 1 else f"{matching.considered} entries are new"
    causes = ", ".join(_causes(matching)) or "none of them matches your topics and names"
    return Silence(_reason(matching), f"{new}: {causes}.")


def _reason(matching: Matching) -> SilenceReason:
    if matching.muted:
        return SilenceReason.ALL_MUTED
    if matching.already and not matching.below_upvotes:
        return SilenceReason.ALREADY_SENT
    return SilenceReason.NOTHING_MATCHED


def _causes(matching: Matching) -> list[str]:
    low = len(matching.below_upvotes)
    counts = (
        (matching.muted, "muted by your preferences"),
        (low, f"below {matching.minimum_upvotes} up-votes"),
        (matching.already, "sent to you before"),
    )
    return [f"{count} matched but {_was(count)} {how}" for count, how in counts if count]


def _was(count: int) -> str:
    return "was" if count == 1 else "were"
