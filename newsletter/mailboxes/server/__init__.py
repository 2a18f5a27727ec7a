"""The mail server: takes mail for our own addresses over LMTP and SMTP, and relays none."""

from newsletter.mailboxes.server.intake import MailServer, ServerLimits, SpokenProtocol

__all__ = ["MailServer", "ServerLimits", "SpokenProtocol"]
