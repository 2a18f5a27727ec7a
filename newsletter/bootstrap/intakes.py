"""The ways in that the config names, each as an Intake over the newsroom's store."""

from newsletter.bootstrap.newsroom import Newsroom
from newsletter.mailboxes import (
    ImapLogin,
    ImapMailbox,
    MaildirMailbox,
    MailServer,
    SpokenProtocol,
)
from newsletter.ports import Intake
from newsletter.rules.inbound import OwnNames, read_destination


def make_intakes(room: Newsroom) -> list[Intake]:
    """Return what brings mail in; nothing is begun. Raises ConfigError for a secret that is missing."""
    settings, domain = room.config.inbound, room.dressing.letterhead.domain
    own = OwnNames(domain)

    def accepts(address: str) -> bool:
        return read_destination(address, own) is not None

    intakes: list[Intake] = []
    for speaks, server in (
        (SpokenProtocol.LMTP, settings.lmtp),
        (SpokenProtocol.SMTP, settings.smtp),
    ):
        if server:
            intakes.append(
                MailServer(
                    room.inbound,
                    accepts,
                    speaks=speaks,
                    host=server.host,
                    port=server.port,
                    hostname=domain,
                    now=room.clock.now,
                )
            )
    if settings.imap:
        one = settings.imap
        login = ImapLogin(one.host, one.username, one.password.read(), one.port, one.folder)
        intakes.append(ImapMailbox(login, room.inbound, now=room.clock.now))
    if settings.maildir:
        intakes.append(MaildirMailbox(settings.maildir, room.inbound, now=room.clock.now))
    return intakes
