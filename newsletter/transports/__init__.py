"""Ways out: each adapter hands envelopes to a next hop."""

from newsletter.transports.smtp import Relay, SmtpTransport, Timeouts, Tls, probe

__all__ = ["Relay", "SmtpTransport", "Timeouts", "Tls", "probe"]
