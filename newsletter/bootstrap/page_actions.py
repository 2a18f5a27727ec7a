"""What the pages do with a token: confirm, vote."""

from newsletter.bootstrap.newsroom import Newsroom
from newsletter.rendering import readable_content
from newsletter.workflows import (
    BallotPaper,
    ReceivePorts,
    VotePorts,
    confirm,
    look_at_ballot,
    vote_by_letter,
)

_BY_PAGE = "by page"


def confirm_by_token(ports: ReceivePorts, token: str) -> bool:
    """Confirm the subscription that a token names; False for one that is used, over or not ours."""
    return confirm(token, ports, evidence=_BY_PAGE) is not None


class BallotBox:
    """The votes on entries of letters, over a newsroom."""

    def __init__(self, room: Newsroom) -> None:
        self._ports = VotePorts(
            room.subscribers,
            room.ledger,
            room.entries,
            room.votes,
            room.clock,
            room.press.secrets,
            readable_content,
        )

    def look(self, token: str, number: int | None) -> BallotPaper | None:
        """Return the entries of the letter that a token stands in, or the one with that number."""
        return look_at_ballot(token, self._ports, number=number)

    def vote(self, token: str, number: int, vote: int) -> bool:
        """Keep a vote; return whether there is such an entry."""
        return vote_by_letter(token, number, vote, self._ports)
