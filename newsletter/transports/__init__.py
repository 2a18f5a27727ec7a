"""Ways out: each adapter hands envelopes to a next hop."""

from newsletter.transports.smtp import Relay, SmtpTransport, Timeouts, Tls

__all__ = ["Relay", "SmtpTransport", "Timeouts", "Tls"]
