"""Where mail comes in: a mail server, mailboxes, a pipe, and the trial server of the demo."""

from newsletter.mailboxes.imap import ImapLogin, ImapMailbox
from newsletter.mailboxes.maildir import MaildirMailbox
from newsletter.mailboxes.peers import PeerLimits
from newsletter.mailboxes.server import MailServer, ServerLimits, SpokenProtocol
from newsletter.mailboxes.sizes import MAX_MESSAGE_BYTES, Piped, read_piped
from newsletter.mailboxes.trial import ReceivedLetter, TrialServer, read_letters, write_pages

__all__ = [
    "MAX_MESSAGE_BYTES",
    "ImapLogin",
    "ImapMailbox",
    "MailServer",
    "MaildirMailbox",
    "PeerLimits",
    "Piped",
    "ReceivedLetter",
    "ServerLimits",
    "SpokenProtocol",
    "TrialServer",
    "read_letters",
    "read_piped",
    "write_pages",
]
