"""A mailbox at a provider, emptied over IMAP and TLS."""

from newsletter.mailboxes.imap.login import ImapLogin
from newsletter.mailboxes.imap.mailbox import ImapMailbox

__all__ = ["ImapLogin", "ImapMailbox"]
