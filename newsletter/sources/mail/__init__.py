"""Entries that arrive by mail: newsletters that were subscribed to, and what editors hand in."""

from newsletter.sources.mail.announcing import Envelope
from newsletter.sources.mail.reading import Reading, read_entries, text_of
from newsletter.sources.mail.source import MailSource

__all__ = ["Envelope", "MailSource", "Reading", "read_entries", "text_of"]
