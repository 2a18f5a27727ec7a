"""Addresses: what we accept as one, and the signed ones that a letter carries."""

from newsletter.rules.addresses.addr_spec import (
    address_key,
    domain_of,
    mailto,
    parse_address,
    parse_mailbox,
)
from newsletter.rules.addresses.ballots import Ballot, ballot_token, read_ballot
from newsletter.rules.addresses.editions import (
    edition_id,
    letter_links,
    message_id,
    read_message_id,
    read_verp,
    verp_sender,
)
from newsletter.rules.addresses.submissions import read_submit_token, submit_address
from newsletter.rules.addresses.suppressions import (
    is_suppression_key,
    suppression_key,
    suppression_keys,
)
from newsletter.rules.addresses.tokens import (
    Secrets,
    TokenPurpose,
    letter_token,
    read_letter_token,
    sign,
)
from newsletter.rules.addresses.undoing import (
    Undoing,
    daily_notice,
    read_undo_token,
    undo_token,
)

__all__ = [
    "Ballot",
    "Secrets",
    "TokenPurpose",
    "Undoing",
    "address_key",
    "ballot_token",
    "daily_notice",
    "domain_of",
    "edition_id",
    "is_suppression_key",
    "letter_links",
    "letter_token",
    "mailto",
    "message_id",
    "parse_address",
    "parse_mailbox",
    "read_ballot",
    "read_letter_token",
    "read_message_id",
    "read_submit_token",
    "read_undo_token",
    "read_verp",
    "sign",
    "submit_address",
    "suppression_key",
    "suppression_keys",
    "undo_token",
    "verp_sender",
]
