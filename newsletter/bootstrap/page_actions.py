"""What the pages do with a token: leave, come back, confirm."""

from newsletter.workflows import ReceivePorts, confirm, leave_by_letter, take_back

_BY_PAGE = "by page"


def unsubscribe_by_token(ports: ReceivePorts, token: str) -> bool:
    """End the subscription that a letter's token names; return whether the token is one of ours.

    The subscriber is told, with the way back: the letter may have been forwarded. Doing it twice is fine.
    """
    return leave_by_letter(token, ports, how=_BY_PAGE) is not None


def confirm_by_token(ports: ReceivePorts, token: str) -> bool:
    """Confirm the subscription that a token names; False for one that is used, over or not ours."""
    return confirm(token, ports, evidence=_BY_PAGE) is not None


def undo_by_token(ports: ReceivePorts, token: str) -> bool:
    """Take an unsubscribe back; False for a token that is used, over or not ours."""
    return take_back(token, ports, evidence=_BY_PAGE) is not None
