"""Sources that take mail: made from the config, and shown to RECEIVE as addresses that take it."""

from collections.abc import Callable, Iterable, Mapping

from newsletter.config import MailSettings, SourceSettings
from newsletter.model import EmailAddress, InboundMail, InboundMessage, SourceName
from newsletter.ports import Postbag, Source
from newsletter.rules.addresses import Secrets, submit_address
from newsletter.sources import MailSource, text_of
from newsletter.workflows import Look, SourceInbox


def make_mail_source(
    name: SourceName, settings: MailSettings, postbag: Postbag, secrets: Secrets, domain: str
) -> MailSource:
    """Return the adapter of a source that takes mail at addresses of `domain`."""
    addresses = submit_addresses(name, secrets, domain)
    return MailSource(name, postbag, addresses, settings.topics)


def submit_addresses(name: SourceName, secrets: Secrets, domain: str) -> tuple[EmailAddress, ...]:
    """Return where a source takes mail: the address to give away, and those of older keys."""
    keys = (Secrets((key,)) for key in secrets.keys)
    return tuple(submit_address(name, key, domain) for key in keys)


def address_of(source: Source) -> EmailAddress | None:
    """Return where mail for a source is sent; None for one that takes none."""
    return source.address if isinstance(source, MailSource) else None


def make_inboxes(
    sources: Iterable[Source], settings: Mapping[SourceName, SourceSettings]
) -> tuple[SourceInbox, ...]:
    """Return the sources that take mail, and from whom."""
    return tuple(
        SourceInbox(one.name, told.senders, _looking(one))
        for one in sources
        if isinstance(one, MailSource) and isinstance(told := settings[one.name], MailSettings)
    )


def _looking(source: MailSource) -> Callable[[InboundMail, InboundMessage], Look]:
    def look(mail: InboundMail, message: InboundMessage) -> Look:
        reading = source.look(mail, message)
        return Look(len(reading.entries), reading.problems, text_of(mail))

    return look
