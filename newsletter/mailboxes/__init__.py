"""Where mail comes in: so far the trial server, which keeps what it is given."""

from newsletter.mailboxes.trial import ReceivedLetter, TrialServer, read_letters, write_pages

__all__ = ["ReceivedLetter", "TrialServer", "read_letters", "write_pages"]
