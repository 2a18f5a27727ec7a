"""The embedded SMTP server of the demo, and pages on which one reads what it was given."""

from newsletter.mailboxes.trial.letters import ReceivedLetter, read_letters
from newsletter.mailboxes.trial.page_writer import write_pages
from newsletter.mailboxes.trial.server import TrialServer

__all__ = ["ReceivedLetter", "TrialServer", "read_letters", "write_pages"]
