"""Ways out: each adapter hands envelopes to a next hop; before, a message may be signed (DKIM)."""

from typing import TYPE_CHECKING, Final

from newsletter.doors import hand_out
from newsletter.transports.gates import RelayGate
from newsletter.transports.loops import run
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

if TYPE_CHECKING:
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
    from newsletter.transports.mail_dns import MailDns

_LATE: Final = {
    "dkim": (
        "DkimKey",
        "KeyFileError",
        "KeyKind",
        "RecordFault",
        "Signer",
        "check_record",
        "load_key",
        "make_key",
        "public_record",
        "record_name",
        "record_strings",
        "write_key",
    ),
    "dns": ("look_up",),
    "mail_dns": ("MailDns",),
}
"""They load libraries that take long, and few commands sign or ask the DNS."""

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


if not TYPE_CHECKING:  # else every wrong name would look right to the checker

    def __getattr__(name: str) -> object:
        """Hand out what stands in a module that is loaded only when it is asked for."""
        return hand_out(__name__, _LATE, name)
