"""Ways out: each adapter hands envelopes to a next hop; before, a message may be signed (DKIM)."""

from newsletter.transports.dkim import (
    DkimKey,
    KeyFileError,
    KeyKind,
    RecordFault,
    Signer,
    check_record,
    load_key,
    make_key,
    public_record,
    record_name,
    record_strings,
    write_key,
)
from newsletter.transports.dns import look_up
from newsletter.transports.gates import RelayGate
from newsletter.transports.loops import run
from newsletter.transports.mail_dns import MailDns
from newsletter.transports.relays import RelayGroup, RelayShare
from newsletter.transports.smtp import (
    Mechanism,
    Protocol,
    Relay,
    SmtpTransport,
    Timeouts,
    Tls,
    probe,
)

__all__ = [
    "DkimKey",
    "KeyFileError",
    "KeyKind",
    "MailDns",
    "Mechanism",
    "Protocol",
    "RecordFault",
    "Relay",
    "RelayGate",
    "RelayGroup",
    "RelayShare",
    "Signer",
    "SmtpTransport",
    "Timeouts",
    "Tls",
    "check_record",
    "load_key",
    "look_up",
    "make_key",
    "probe",
    "public_record",
    "record_name",
    "record_strings",
    "run",
    "write_key",
]
