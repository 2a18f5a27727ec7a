"""One-click: from the token of a letter to the end of a subscription."""

from newsletter.bootstrap.newsroom import Newsroom
from newsletter.rules.addresses import TokenPurpose, read_letter_token
from newsletter.workflows import unsubscribe


def unsubscribe_by_token(room: Newsroom, token: str) -> bool:
    """End the subscription that a letter's token names; return whether the token is one of ours.

    Doing it twice is fine.
    """
    edition_id = read_letter_token(TokenPurpose.UNSUBSCRIBE, token, room.press.secrets)
    if edition_id is None:
        return False
    edition = room.ledger.editions([edition_id]).get(edition_id)
    if edition is None:
        return False
    return unsubscribe(
        edition.reader.subscriber, room.subscribing(), evidence=f"letter {edition_id}, by page"
    )
