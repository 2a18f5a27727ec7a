"""DKIM (RFC 6376, RFC 8463): keys, what the DNS must say of them, and signatures."""

from newsletter.transports.dkim.keys import (
    DkimKey,
    KeyFileError,
    KeyKind,
    load_key,
    make_key,
    write_key,
)
from newsletter.transports.dkim.records import (
    RecordFault,
    check_record,
    public_record,
    record_name,
    record_strings,
)
from newsletter.transports.dkim.signing import Signer

__all__ = [
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
]
