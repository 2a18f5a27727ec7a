"""What would stop a provider from accepting our mail, read from DNS records.

Large providers ask bulk senders for SPF and DKIM, for a DMARC record on the From domain, and for
a sender address that can take bounces.
"""

from collections.abc import Iterator
from typing import Final

from newsletter.model import DnsAnswer, Finding, Verdict

_SPF: Final = "v=spf1"
_DMARC: Final = "v=dmarc1"


def judge_spf(domain: str, answer: DnsAnswer) -> Finding:
    """Judge the SPF record (RFC 7208) of the envelope sender's domain."""
    subject = f"SPF of {domain}"
    if answer.trouble:
        return _unknown(subject, answer.trouble)
    records = [one for one in answer.records if one.lower().split(" ")[0] == _SPF]
    if not records:
        remedy = f'publish a TXT record on {domain}, e.g. "v=spf1 mx ip4:YOUR.RELAY -all"'
        return Finding(subject, Verdict.BAD, "there is no record", remedy)
    if len(records) > 1:
        remedy = "keep one: several are an error for every receiver (RFC 7208 section 4.5)"
        return Finding(subject, Verdict.BAD, f"there are {len(records)} records", remedy)
    mechanisms = records[0].lower().split()
    if {"+all", "all"} & set(mechanisms):
        remedy = "end it with -all or ~all: as it is, everybody may send in your name"
        return Finding(subject, Verdict.BAD, records[0], remedy)
    if not mechanisms[-1].startswith(("-all", "~all", "redirect=")):
        return Finding(subject, Verdict.WARN, records[0], "end it with -all or ~all")
    return Finding(subject, Verdict.OK, records[0])


def judge_dmarc(domain: str, answer: DnsAnswer) -> Finding:
    """Judge the DMARC record (RFC 7489) of the From domain."""
    subject = f"DMARC of {domain}"
    if answer.trouble:
        return _unknown(subject, answer.trouble)
    records = [one for one in answer.records if one.lower().replace(" ", "").startswith(_DMARC)]
    if not records:
        remedy = f'publish TXT on _dmarc.{domain}: "v=DMARC1; p=none; rua=mailto:YOU@{domain}"'
        return Finding(subject, Verdict.BAD, "there is no record", remedy)
    if len(records) > 1:
        return Finding(subject, Verdict.BAD, f"there are {len(records)} records", "keep one")
    tags = dict(_tags(records[0]))
    if tags.get("p") not in {"none", "quarantine", "reject"}:
        remedy = "say p=none, p=quarantine or p=reject"
        return Finding(subject, Verdict.BAD, records[0], remedy)
    return Finding(subject, Verdict.OK, records[0])


def judge_bounce_domain(domain: str, mail: DnsAnswer, address: DnsAnswer) -> Finding:
    """Judge whether bounces can come back: `mail` is the MX answer, `address` that of A or AAAA."""
    subject = f"bounce domain {domain}"
    if mail.trouble:
        return _unknown(subject, mail.trouble)
    if mail.records:
        # RFC 7505: a single "." says that the domain takes no mail.
        if all(record.split()[-1] == "." for record in mail.records):
            remedy = "publish an MX record that names the machine which takes its mail"
            return Finding(subject, Verdict.BAD, "it says that it takes no mail", remedy)
        return Finding(subject, Verdict.OK, f"mail goes to {', '.join(mail.records)}")
    if address.records:
        remedy = "publish an MX record: without one some senders do not find it"
        return Finding(subject, Verdict.WARN, "no MX record, only an address", remedy)
    remedy = f"publish an MX record for {domain}; bounces and answers cannot arrive without"
    return Finding(subject, Verdict.BAD, "the DNS does not know it", remedy)


def _tags(record: str) -> Iterator[tuple[str, str]]:
    for part in record.split(";"):
        name, is_there, value = part.partition("=")
        if is_there:
            yield name.strip().lower(), value.strip().lower()


def _unknown(subject: str, trouble: str) -> Finding:
    return Finding(subject, Verdict.WARN, f"could not be looked up: {trouble}", "ask again online")
