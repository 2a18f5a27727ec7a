"""SMTP (RFC 5321), driven command by command, so that every failure names its phase."""

from newsletter.transports.smtp.probing import ProbeStep, probe
from newsletter.transports.smtp.relay import Mechanism, Protocol, Relay, Timeouts, Tls
from newsletter.transports.smtp.transport import SmtpTransport

__all__ = [
    "Mechanism",
    "ProbeStep",
    "Protocol",
    "Relay",
    "SmtpTransport",
    "Timeouts",
    "Tls",
    "probe",
]
