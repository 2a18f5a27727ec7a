"""Try a relay without sending anything: connect, greet, encrypt, sign in, leave."""

import ssl

from newsletter.model import Receipt
from newsletter.transports.smtp.handshake import RefusedError, open_session
from newsletter.transports.smtp.relay import Relay, Timeouts


async def probe(relay: Relay, timeouts: Timeouts) -> Receipt | None:
    """Return None when `relay` would take mail from us, else what it said and in which phase."""
    try:
        session = await open_session(relay, timeouts, ssl.create_default_context())
    except RefusedError as error:
        return error.receipt
    await session.quit(timeouts.quit)
    return None
