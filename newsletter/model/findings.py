"""What an examination found, each finding with its remedy."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How grave a finding is."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `remedy` is empty where nothing is to be done."""

    subject: str
    verdict: Verdict
    fact: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """What the DNS says about one name and type.

    `records` are texts: joined strings for TXT, `10 mx.example.org` for MX, addresses for A and
    AAAA; empty when there are none. `trouble` says why nobody could be asked; None: somebody was.
    """

    records: tuple[str, ...] = ()
    trouble: str | None = None
