"""Look-ups of mail servers in the DNS, many side by side, for the lanes of domains."""

from datetime import timedelta

import dns.asyncresolver
import dns.exception
import dns.rdatatype
import dns.resolver

from newsletter.model import DnsAnswer
from newsletter.transports.dns import PATIENCE, trouble_of


class MailDns:
    """The AskForMailHosts port over the name servers of this machine, or one at `server`."""

    def __init__(
        self, patience: timedelta = PATIENCE, server: tuple[str, int] | None = None
    ) -> None:
        self._patience = patience
        self._server = server

    async def __call__(self, domain: str) -> DnsAnswer:
        """Return the MX records of `domain`. Never raises."""
        try:
            found = await self._resolver().resolve(
                domain, dns.rdatatype.MX, lifetime=self._patience.total_seconds(), search=False
            )
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return DnsAnswer()
        except (dns.exception.DNSException, OSError, ValueError) as error:
            return DnsAnswer(trouble=trouble_of(error))
        return DnsAnswer(tuple(sorted(map(str, found))))

    def _resolver(self) -> dns.asyncresolver.Resolver:
        if self._server is None:
            return dns.asyncresolver.Resolver()
        resolver = dns.asyncresolver.Resolver(configure=False)
        resolver.nameservers = [self._server[0]]
        resolver.port = self._server[1]
        return resolver
